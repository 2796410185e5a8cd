import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { badService, hangs, hasSdl } from "../support/bad-service.ts";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, gatewayOf, runNode, untilService } from "../support/node.ts";

const query = "{ products(first: 1) { name } greeting }";
const trace = `Error: connect to postgres://admin:hunter2@10.0.0.7/\n    at secret (/srv/app/secret.js:1:1)`;
const mebibyte = 1_024 * 1_024;

/** Bytes as they are, in the place of a response. */
function raw(...pieces: readonly string[]): RequestListener {
  return ({ socket }) => {
    for (const piece of pieces) socket.write(piece);
  };
}

function json(body: string | Buffer, status = 200, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_, response) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const hello = `{"data":{"greeting":"hi"}}`;
const greets = json(hello);

/** As much as is taken, up to 100 MB; how much that was. */
let written = 0;
const streams: RequestListener = (_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const piece = " ".repeat(64 * 1_024);
  let count = 0;
  const more = (): void => {
    while (!response.destroyed && (count += 1) <= 1_600) if (!response.write(piece)) return;
    response.end(hello);
  };
  response.on("drain", more).on("close", () => (written = count * piece.length));
  more();
};

const drips: RequestListener = (_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 1_000);
  response.on("close", () => clearInterval(timer));
};

type Case = readonly [manner: string, listener: RequestListener, code: string | undefined];

const cases: readonly Case[] = [
  ["answers a stack trace", json(trace, 500, { "content-type": "text/plain" }), "SERVICE_BAD_RESPONSE"],
  ["answers a stack trace with 200", json(trace, 200, { "content-type": "text/plain" }), "SERVICE_BAD_RESPONSE"],
  ["tells a stack trace as an error", json(JSON.stringify({ errors: [{ message: trace }] })), "SERVICE_ERROR"],
  ["answers 100 MB", streams, "SERVICE_BAD_RESPONSE"],
  ["promises 100 MB", raw(`${head}content-length: 100000000\r\n\r\n{`), "SERVICE_BAD_RESPONSE"],
  [
    "answers 100 MB in gzip",
    json(gzipSync(" ".repeat(100 * mebibyte)), 200, { "content-encoding": "gzip" }),
    "SERVICE_BAD_RESPONSE",
  ],
  ["answers wrong JSON", json(`{"data":{"greeting":"hi"}`), "SERVICE_BAD_RESPONSE"],
  ["answers JSON of another shape", json(`["hi"]`), "SERVICE_BAD_RESPONSE"],
  ["answers a value of another type", json(`{"data":{"greeting":{"a":[1]}}}`), "SERVICE_BAD_RESPONSE"],
  [
    "answers lists 100,000 deep",
    json(`{"data":{"greeting":${"[".repeat(1e5)}${"]".repeat(1e5)}}}`),
    "SERVICE_BAD_RESPONSE",
  ],
  ["answers objects 100,000 deep", json(`{"data":${`{"a":`.repeat(1e5)}1${"}".repeat(1e5)}}`), undefined],
  [
    "tells errors 100,000 deep",
    json(`{"errors":[{"message":"x","extensions":${`{"a":`.repeat(1e5)}1${"}".repeat(1e5)}}]}`),
    undefined,
  ],
  ["answers nothing at all", hangs, "SERVICE_TIMEOUT"],
  ["drips a byte a second", drips, "SERVICE_TIMEOUT"],
  [
    "closes in mid-body",
    ({ socket }) => socket.end(`${head}content-length: 100\r\n\r\n{"data"`),
    "SERVICE_UNAVAILABLE",
  ],
  [
    "closes in mid-chunk",
    ({ socket }) => socket.end(`${head}transfer-encoding: chunked\r\n\r\nff\r\n{"data"`),
    "SERVICE_UNAVAILABLE",
  ],
  ["sends a header of 1 MB", raw(`${head}x-long: ${"x".repeat(mebibyte)}\r\n\r\n{}`), "SERVICE_BAD_RESPONSE"],
  ["sends headers without end", raw(head, "x-a: b\r\n".repeat(200_000)), "SERVICE_BAD_RESPONSE"],
  ["promises less than it sends", raw(`${head}content-length: 5\r\n\r\n${hello}`), "SERVICE_BAD_RESPONSE"],
  ["promises more than it sends", raw(`${head}content-length: 500\r\n\r\n${hello}`), "SERVICE_TIMEOUT"],
  [
    "promises two lengths",
    raw(`${head}content-length: 26\r\ncontent-length: 27\r\n\r\n${hello}`),
    "SERVICE_BAD_RESPONSE",
  ],
  [
    "sends trailers of 1 MB",
    raw(`${head}transfer-encoding: chunked\r\n\r\n0\r\nx: ${"x".repeat(mebibyte)}\r\n\r\n`),
    "SERVICE_BAD_RESPONSE",
  ],
];

test("whatever a hostile service does, its fields are null by a masked error, in time, and the rest stands", async (t) => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using bad = await badService(hasSdl("type Query { greeting: String }"));
  await using metadata = await badService(greets);
  await using node = await runNode({
    stateDir: folder.path,
    services: { products: products.graphql, bad: `${bad.url},schema.interval=1h` },
    flags: ["--gateway-upstream-try-timeout=1s"],
  });
  await untilService(node, "bad", "serving");
  const { status } = await gatewayOf(node);

  /** What it greets by, when nothing else is wrong; its error's code, when there is one. */
  async function greeting(): Promise<{ readonly greeting: unknown; readonly code: unknown }> {
    const { data, errors = [] } = await ask(node.graphql, query);
    const { products: list, greeting: value } = Object(data);
    assert.match(JSON.stringify(list), /^\[\{"name":"[^"]+"\}\]$/, "the rest of the answer stands");
    for (const { message, path } of errors) {
      assert.deepEqual(path, ["greeting"]);
      assert.doesNotMatch(message, /secret|postgres|10\.0|127\.0|http|\bat\b/);
    }
    const codes = new Set(errors.map(({ extensions }) => extensions?.["code"]));
    assert.ok(codes.size <= 1);
    return { greeting: value, code: [...codes][0] };
  }

  async function isWell(): Promise<void> {
    bad.behave(greets);
    assert.deepEqual(await greeting(), { greeting: "hi", code: undefined }, "the next request is answered");
  }

  const redirect = json("{}", 307, { location: metadata.url });
  for (const [manner, listener, code] of [...cases, ["redirects", redirect, "SERVICE_BAD_RESPONSE"]] satisfies Case[]) {
    await t.test(`a service that ${manner}`, async () => {
      bad.behave(listener);
      const began = performance.now();
      const answer = await greeting();
      assert.ok(performance.now() - began < 4_000, "in time");
      assert.deepEqual(answer, { greeting: null, code: answer.code });
      if (code !== undefined) assert.equal(answer.code, code);
      await isWell();
    });
  }
  await t.test("trailers are no part of an answer", async () => {
    bad.behave(raw(`${head}transfer-encoding: chunked\r\ntrailer: x\r\n\r\n1a\r\n${hello}\r\n0\r\nx: y\r\n\r\n`));
    assert.deepEqual(await greeting(), { greeting: "hi", code: undefined });
  });
  assert.ok(written > 0 && written < 50 * mebibyte, `${written} bytes were taken, and on their way`);
  assert.equal(metadata.requests(), 0, "no redirect is followed");
  const after = await gatewayOf(node);
  assert.deepEqual(Object(after["status"]).pid, Object(status).pid, "the same process");
});
