import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildSchema, graphqlSync } from "graphql";
import type { ServiceConfig } from "@catalyst-node/core/config";
import type { Result } from "@catalyst-node/core/model";
import type { FetchedSchema } from "@catalyst-node/core/node";
import { createSdlFetcher } from "./fetch.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
type Schema = Partial<ServiceConfig["schema"]>;

const limits = { from: "auto", interval: 30_000, timeout: 20_000, maxBytes: 4 * 1024 * 1024 } as const;

/** Asks a real server that behaves as `handler` says. */
async function ask(handler: Handler, schema: Schema = {}): Promise<Result<FetchedSchema>> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => handler(request, response, Buffer.concat(chunks).toString()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  try {
    return await fetchFrom(`http://127.0.0.1:${address.port}/graphql`, schema);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function fetchFrom(
  url: string,
  schema: Schema = {},
  signal = new AbortController().signal,
): Promise<Result<FetchedSchema>> {
  using fetcher = createSdlFetcher();
  const service = {
    name: "shop",
    url,
    export: false,
    subjectToken: false,
    subscriptions: { protocol: "sse" },
  } as const;
  return await fetcher.fetch({ ...service, schema: { ...limits, ...schema } }, signal);
}

const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
};
const queryOf = (body: string): string => {
  const parsed: unknown = JSON.parse(body);
  return typeof parsed === "object" && parsed !== null && "query" in parsed ? String(parsed.query) : "";
};
const told = (result: Result<FetchedSchema>): string =>
  result.ok ? "ok" : result.problems.map(({ code, message }) => `${code} ${message}`).join("\n");

test("a federated service is asked for its SDL by one POST", async () => {
  const sdl = "type Query { a: Int }";
  const result = await ask((request, response, body) => {
    assert.equal(request.method, "POST");
    assert.match(queryOf(body), /_service/);
    json(response, { data: { _service: { sdl } } });
  });
  assert.ok(result.ok, told(result));
  assert.deepEqual({ ...result.value, sha256: "" }, { sdl, sha256: "", bytes: 21, source: "federation" });
});

test("a plain service, which does not know _service, is introspected", async () => {
  const schema = buildSchema(`type Query { "how many" stock(id: ID!): Stock } type Stock { quantity: Int! }`);
  const result = await ask((_, response, body) => {
    const answer = graphqlSync({ schema, source: queryOf(body) });
    json(response, answer, answer.data === undefined ? 400 : 200);
  });
  assert.ok(result.ok, told(result));
  assert.equal(result.value.source, "introspection");
  assert.match(result.value.sdl, /"""how many"""\n {2}stock\(id: ID!\): Stock/);
});

test("a large introspection is printed in a thread, with the same result", async () => {
  const fields = Array.from({ length: 2_000 }, (_, index) => `field${index}(a: Int, b: String): [Int!]!`).join("\n");
  const schema = buildSchema(`type Query { ${fields} }`);
  const result = await ask((_, response, body) => json(response, graphqlSync({ schema, source: queryOf(body) })), {
    from: "introspection",
  });
  assert.ok(result.ok, told(result));
  assert.match(result.value.sdl, /field1999\(a: Int, b: String\): \[Int!\]!/);
});

test("a schema file is read, and must be there and small enough", async () => {
  const folder = await mkdtemp(join(tmpdir(), "catalyst-sdl-"));
  const file = join(folder, "shop.graphql");
  try {
    await writeFile(file, "type Query { a: Int }");
    const read = await fetchFrom("http://127.0.0.1:9/", { from: "file", file });
    assert.ok(read.ok && read.value.source === "file");
    assert.match(
      told(await fetchFrom("http://x/", { from: "file", file: join(folder, "none") })),
      /^CAT-SERVICE-008 .*ENOENT/,
    );
    assert.match(told(await fetchFrom("http://x/", { from: "file", file: folder })), /^CAT-SERVICE-008 .*no regular/);
    assert.match(told(await fetchFrom("http://x/", { from: "file", file, maxBytes: 5 })), /^CAT-SERVICE-003 /);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a schema file that is a pipe or a device is refused and holds nothing up", { timeout: 30_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "catalyst-sdl-"));
  const pipe = join(folder, "pipe");
  try {
    execFileSync("mkfifo", [pipe]);
    for (const file of [pipe, "/dev/zero"]) {
      assert.match(told(await fetchFrom("http://x/", { from: "file", file })), /^CAT-SERVICE-008 .*no regular file/);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a service that is not there is told as such", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  server.close();
  await once(server, "close");
  assert.match(told(await fetchFrom(`http://127.0.0.1:${address.port}/`)), /^CAT-SERVICE-001 .*ECONNREFUSED/);
});

test("a service that hangs, before its head or in its body, is given up at the deadline", async () => {
  assert.match(told(await ask(() => undefined, { timeout: 200 })), /^CAT-SERVICE-002 /);
  const dripping = await ask(
    (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("{");
    },
    { timeout: 200 },
  );
  assert.match(told(dripping), /^CAT-SERVICE-002 /);
});

test("an SDL of 30 MB is refused at the cap, with and without a length told", async () => {
  let sent = 0;
  const piece = Buffer.alloc(64 * 1024, "a");
  const endless = await ask((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const send = (): void => {
      while (sent < 30 * 1024 * 1024 && !response.destroyed) {
        sent += piece.length;
        if (!response.write(piece)) return void response.once("drain", send);
      }
    };
    send();
  });
  assert.match(told(endless), /^CAT-SERVICE-003 /);
  assert.ok(sent < 15 * 1024 * 1024, `${sent} bytes were taken`);
  const told30 = await ask((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 30 * 1024 * 1024 });
    response.write("{");
  });
  assert.match(told(told30), /^CAT-SERVICE-003 /);
});

test("HTML is told as such, with no more than its beginning and nothing that moves a cursor", async () => {
  const result = await ask((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(`<html>\u001b[31m${"secret".repeat(100)}`);
  });
  const message = told(result);
  assert.match(message, /^CAT-SERVICE-005 It answered "text\/html", not JSON: "<html> \[31msecret/);
  assert.ok(message.length < 300 && !message.includes("\u001b"), message);
});

for (const [what, handler, expected] of [
  [
    "a redirect is not followed",
    (_, response) => void response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
    /^CAT-SERVICE-004 .*302, a redirect/,
  ],
  ["a server error is told", (_, response) => void response.writeHead(500).end("oops"), /^CAT-SERVICE-004 .*500/],
  [
    "torn JSON is told",
    (_, response) => void response.writeHead(200, { "content-type": "application/json" }).end(`{"data":`),
    /^CAT-SERVICE-005 /,
  ],
  [
    "an empty SDL is told",
    (_, response) => json(response, { data: { _service: { sdl: " \n" } } }),
    /^CAT-SERVICE-007 Its schema is empty/,
  ],
  ["an answer without a schema is told", (_, response) => json(response, { data: {} }), /^CAT-SERVICE-007 /],
  [
    "an introspection that makes no schema is told",
    (_, response) => json(response, { data: { __schema: { types: 5 } } }),
    /^CAT-SERVICE-007 .*makes no schema/,
  ],
  ["a list is no answer", (_, response) => json(response, [1]), /^CAT-SERVICE-007 /],
  [
    "GraphQL errors of both questions are told",
    (_, response) => json(response, { errors: [{ message: "introspection is off" }] }, 400),
    /^CAT-SERVICE-006 .*introspection it answered "introspection is off".*\nCAT-SERVICE-006 .*_service/,
  ],
  ["a connection that breaks is told", (request) => void request.socket.destroy(), /^CAT-SERVICE-001 /],
] as const satisfies readonly (readonly [string, Handler, RegExp])[]) {
  test(what, async () => assert.match(told(await ask(handler)), expected));
}

test("a question that is given up ends at once", async () => {
  const stopping = new AbortController();
  const asked = fetchFrom("http://127.0.0.1:1/", {}, AbortSignal.abort());
  stopping.abort();
  assert.match(told(await asked), /^CAT-SERVICE-002 The question was given up/);
});
