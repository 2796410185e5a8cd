import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { request as send } from "undici";
import { type AskedService, askedService } from "../support/asked-service.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runNode } from "../support/node.ts";
import { eventually, isAlive, type Running } from "../support/process.ts";
import { SteadyClient } from "../support/steady-client.ts";

const deadline = { timeout: 240_000 };
/** Each is asked so often; the median is told, and a failure when it is over a second. */
const times = 20;
const mostMs = 1_000;

const modern = "application/graphql-response+json";
const json = { "content-type": "application/json", accept: modern };
const operation = (query: string, variables: unknown = {}): Case => ({
  headers: json,
  body: JSON.stringify({ query, variables }),
});
const many = (count: number, each: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => each(index)).join(" ");

type Case = {
  readonly method?: "GET" | "POST";
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | (() => Readable);
};
type Expected = { readonly status: number; readonly code: string };

/** Little more than is read: a client that writes on after the answer breaks its own connection. */
function chunked(): Readable {
  return Readable.from(Array.from({ length: 27 }, () => "x".repeat(10_000)));
}
const plain = JSON.stringify({ query: "{ hello }" });
const mutation = JSON.stringify({ query: "mutation { write }" });
const form = new URLSearchParams({ query: "mutation { write }" }).toString();
const multipart = `--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${mutation}\r\n--b--\r\n`;
const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
const mediaType = { status: 415, code: "UNSUPPORTED_MEDIA_TYPE" } as const;
const tooLarge = { status: 413, code: "REQUEST_ENTITY_TOO_LARGE" } as const;

const cases: Readonly<Record<string, readonly [Case, Expected]>> = {
  "JSON as text/plain": [{ headers: { "content-type": "text/plain" }, body: mutation }, mediaType],
  "a form": [{ headers: { "content-type": "application/x-www-form-urlencoded" }, body: form }, mediaType],
  "a multipart form": [{ headers: { "content-type": "multipart/form-data; boundary=b" }, body: multipart }, mediaType],
  "no content type": [{ headers: {}, body: mutation }, mediaType],
  "a mutation by GET": [
    { method: "GET", path: `/graphql?${form}`, headers: { accept: modern } },
    { status: 405, code: "METHOD_NOT_ALLOWED" },
  ],
  "a query by GET, which production mode does not read": [
    { method: "GET", path: "/graphql?query={hello}", headers: { accept: modern } },
    { status: 405, code: "METHOD_NOT_ALLOWED" },
  ],
  "a batch": [
    { headers: json, body: `[${plain},${plain}]` },
    { status: 400, code: "BAD_REQUEST" },
  ],
  "a body that is no JSON": [
    { headers: json, body: "{" },
    { status: 400, code: "BAD_REQUEST" },
  ],
  "a body over the limit, with its length": [{ headers: json, body: "x".repeat(300 * 1024) }, tooLarge],
  "a body over the limit, without a length": [{ headers: json, body: chunked }, tooLarge],
  "a gzip bomb": [
    { headers: { ...json, "content-encoding": "gzip" }, body: gzipSync(Buffer.alloc(64 * 1024 * 1024, " ")) },
    mediaType,
  ],
  "variables nested 100,000 deep": [
    { headers: json, body: `{"query":"{ hello }","variables":{"a":${nested}}}` },
    { status: 400, code: "NESTING_LIMIT_EXCEEDED" },
  ],
  "a value nested 900 deep in the document": [
    operation(`{ echo(of: ${"[".repeat(900)}${"]".repeat(900)}) }`),
    { status: 400, code: "NESTING_LIMIT_EXCEEDED" },
  ],
  "a fragment cycle": [
    operation("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"),
    { status: 400, code: "GRAPHQL_VALIDATION_FAILED" },
  ],
  "fragments that double twenty times": [
    operation(
      `{ ...f0 } ${many(20, (at) => `fragment f${at} on Query { ...f${at + 1} ...f${at + 1} }`)} fragment f20 on Query { hello }`,
    ),
    { status: 400, code: "FIELD_LIMIT_EXCEEDED" },
  ],
  "5,000 directives": [
    operation(`{ hello ${many(5_000, () => "@a")} }`),
    { status: 400, code: "TOKEN_LIMIT_EXCEEDED" },
  ],
  "900 directives": [
    operation(`{ hello ${many(900, () => "@a")} }`),
    { status: 400, code: "DIRECTIVE_LIMIT_EXCEEDED" },
  ],
  "3,000 equal fields": [operation(`{ ${many(3_000, () => "hello")} }`), { status: 400, code: "TOKEN_LIMIT_EXCEEDED" }],
  "1,900 equal fields": [
    operation(`{ ${many(1_900, () => "hello")} }`),
    { status: 400, code: "ROOT_FIELD_LIMIT_EXCEEDED" },
  ],
  "1,000 aliases": [
    operation(`{ ${many(1_000, (at) => `a${at}: hello`)} }`),
    { status: 400, code: "TOKEN_LIMIT_EXCEEDED" },
  ],
  "600 aliases of __typename": [
    operation(`{ deep { ${many(600, (at) => `a${at}: __typename`)} } }`),
    { status: 400, code: "ALIAS_LIMIT_EXCEEDED" },
  ],
  "fields 400 deep": [
    operation(`{ ${"deep { ".repeat(400)} hello ${"}".repeat(400)} }`),
    { status: 400, code: "DEPTH_LIMIT_EXCEEDED" },
  ],
  introspection: [operation("{ __schema { types { name } } }"), { status: 400, code: "GRAPHQL_VALIDATION_FAILED" }],
};

let service: AskedService;
let node: Running;
const stack = new AsyncDisposableStack();

before(async () => {
  const folder = stack.use(await temporaryFolder());
  service = stack.use(await askedService());
  const flags = ["--log-level", "error", "--gateway-limits-max-loop-delay", "off"];
  node = stack.use(await runNode({ stateDir: folder.path, services: { asked: service.url }, flags }));
}, deadline);
after(() => stack.disposeAsync(), deadline);

test("bad requests are refused quickly, by status and code, while others are served", deadline, async (t) => {
  await using others = new SteadyClient(node.graphql, {
    rate: 20,
    connections: 2,
    next: () => ({
      kind: "good",
      body: plain,
      isAnswer: (status, text) => status === 200 && text.trim() === '{"data":{"hello":"hello"}}',
    }),
  });
  for (const [name, [request, expected]] of Object.entries(cases)) {
    await t.test(`${name}: ${expected.status} ${expected.code}`, async (each) => {
      const took: number[] = [];
      for (let time = 0; time < times; time += 1) {
        const began = performance.now();
        const { status, text } = await answerTo(request);
        took.push(performance.now() - began);
        assert.equal(status, expected.status, text.slice(0, 500));
        const codes = codesOf(text);
        assert.ok(codes.includes(expected.code), `${codes.join()} in ${text.slice(0, 500)}`);
        assert.ok(!/\bat .*\.ts|node:internal|127\.0\.0\.1/.test(text), `it tells of the inside: ${text}`);
      }
      const median = took.toSorted((one, other) => one - other)[times / 2] ?? Infinity;
      each.diagnostic(`median ${median.toFixed(1)} ms`);
      assert.ok(median < mostMs, `median ${median} ms`);
    });
  }
  await others.stop();
  assert.equal(others.failed + others.refused, 0, others.failures.join("\n"));
  assert.ok(others.answered > 0 && isAlive(node.pid));
  assert.equal(service.writes, 0, "no mutation was done");
});

/** A busy machine looks later. */
const busyMs = 500;

const drips = {
  "a body that comes byte by byte": {
    head: "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n",
    within: 15_000,
  },
  "a head that comes byte by byte": { head: "POST /graphql HTTP/1.1\r\nhost: a\r\nx-long: ", within: 10_000 },
} as const;

describe("whoever sends byte by byte is cut off in time", { concurrency: true }, () => {
  for (const [name, { head, within }] of Object.entries(drips))
    test(`${name} is closed within ${within / 1_000} s`, deadline, async (each) => {
      const { port, hostname } = new URL(node.graphql);
      const socket = connect(Number(port), hostname);
      await once(socket, "connect");
      const began = performance.now();
      let answer = "";
      socket.setEncoding("utf8").on("data", (text: string) => (answer += text));
      socket.on("error", () => undefined).write(head);
      const drip = setInterval(() => socket.write("x"), 250);
      await once(socket, "close");
      clearInterval(drip);
      const took = performance.now() - began;
      each.diagnostic(`closed after ${Math.round(took)} ms`);
      assert.ok(took < within + busyMs, `${took} ms`);
      assert.match(answer, /^HTTP\/1\.1 408 /);
    });
});

test("when a client leaves in mid-query the service's request is aborted", deadline, async (t) => {
  const gone = new AbortController();
  const asked = fetch(node.graphql, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ never }" }),
    signal: gone.signal,
  });
  await eventually(
    async () => service.held,
    (held) => held === 1,
  );
  const began = performance.now();
  gone.abort();
  await assert.rejects(asked);
  await eventually(
    async () => service.held,
    (held) => held === 0,
    { within: 5_000, every: 5 },
  );
  t.diagnostic(`aborted after ${Math.round(performance.now() - began)} ms`);
});

async function answerTo({ method = "POST", path = "/graphql", headers = {}, body }: Case) {
  const { statusCode, body: answer } = await send(new URL(path, node.graphql), {
    method,
    headers,
    body: typeof body === "function" ? body() : (body ?? null),
    headersTimeout: 15_000,
  });
  return { status: statusCode, text: await answer.text() };
}

function codesOf(text: string): readonly unknown[] {
  const { errors = [] }: { readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[] } =
    JSON.parse(text);
  return errors.map(({ extensions }) => extensions?.code);
}
