import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import * as fc from "fast-check";
import { request } from "undici";
import { type Outcome, ResponseReader } from "./response-reader.ts";

const maxBytes = 1_000;
const accept = (): boolean => true;

/** What comes of a response that arrives in pieces of these sizes, the last one repeated. */
function read(bytes: Buffer, sizes: readonly number[] = [bytes.length]): Outcome | "more" {
  const reader = new ResponseReader(accept, maxBytes);
  const shared = Buffer.alloc(bytes.length);
  for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
    const end = Math.min(bytes.length, at + (sizes[Math.min(piece, sizes.length - 1)] ?? 1));
    // As over a connection: the bytes are gone when the next ones come.
    shared.fill(0x21);
    const size = bytes.copy(shared, 0, at, end);
    const outcome = reader.read(shared.subarray(0, size));
    if (outcome !== undefined) return outcome;
    at = end;
  }
  return reader.end() ?? "more";
}

function outcomeOf(text: string): string {
  const outcome = read(Buffer.from(text, "latin1"));
  if (outcome === "more") return outcome;
  if (outcome.kind !== "response") return outcome.kind;
  return `${outcome.head.status} ${outcome.body.toString("latin1")}${outcome.isReusable ? ", kept" : ""}`;
}

const responses: readonly (readonly [text: string, outcome: string])[] = [
  ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", "200 {}, kept"],
  ["HTTP/1.1 200\r\ncontent-length: 2\r\n\r\n{}", "200 {}, kept"],
  ["HTTP/1.1 200 OK\r\nContent-Length:\t 2 \r\nX: \r\n\r\n{}", "200 {}, kept"],
  ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}", "200 {}"],
  ["HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}", "200 {}"],
  ["HTTP/1.1 200 OK\r\n\r\n{}", "200 {}"],
  ["HTTP/1.1 204 No Content\r\n\r\n", "204 , kept"],
  ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 204 x\r\n\r\n", "204 , kept"],
  ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n", "200 {}, kept"],
  ["HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n2\r\n{}\r\n00\r\nx: y\r\n\r\n", "200 {}, kept"],
  // What comes behind it was asked by nobody.
  ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n", "200 {}"],
  ["HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}", "more"],
  ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", "more"],
  ["HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n", "refused"],
  [`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(1_001)}`, "refused"],
  [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n${"x".repeat(1_001)}\r\n`, "refused"],
  // Two ways to read them are one too many.
  ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}", "malformed"],
  ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "malformed"],
  ["HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n", "malformed"],
  ["HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\n{}", "malformed"],
  ["HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\n{}", "malformed"],
  ["HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 2\r\n\r\n{}", "malformed"],
  ["HTTP/1.1 200 OK\r\nx : a\r\ncontent-length: 2\r\n\r\n{}", "malformed"],
  ["HTTP/1.1 200 OK\nx: a\r\ncontent-length: 2\r\n\r\n{}", "malformed"],
  ["HTTP/1.1 200 OK\r\nx: a\rb\r\n\r\n{}", "malformed"],
  ["HTTP/1.1 101 Switching Protocols\r\n\r\n", "malformed"],
  ["HTTP/1.1 99 Low\r\n\r\n", "malformed"],
  ["HTTP/2 200\r\n\r\n", "malformed"],
  ["SSH-2.0-OpenSSH_9.6\r\n\r\n", "malformed"],
  ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n", "malformed"],
  ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n", "malformed"],
  ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n", "malformed"],
  [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;${"x".repeat(2_000)}`, "malformed"],
  [`HTTP/1.1 200 OK\r\nx: ${"x".repeat(20_000)}`, "malformed"],
  ["HTTP/1.1 100 Continue\r\n\r\n".repeat(9), "malformed"],
];

for (const [text, expected] of responses)
  test(`${JSON.stringify(text).slice(0, 90)}: ${expected}`, () => assert.equal(outcomeOf(text), expected));

test("a response comes to the same, however it is cut into pieces", () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.constantFrom(...responses), pieces, ([text], sizes) => {
      const bytes = Buffer.from(text, "latin1");
      const [whole, cut] = [read(bytes), read(bytes, sizes)].map((outcome) => JSON.stringify(outcome));
      // In pieces it may be over before bytes come that nobody asked for: then they end an idle connection.
      assert.equal(
        cut?.replace(`"isReusable":true`, `"isReusable":false`),
        whole?.replace(`"isReusable":true`, `"isReusable":false`),
      );
    }),
    { numRuns: 500 },
  );
});

test("whatever a server of Node's writes is read as undici reads it", async (t) => {
  let answer: (response: ServerResponse) => void = (response) => response.end();
  const server = createServer((_, response) => answer(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const { port } = address;
  const parts = fc.array(fc.string({ unit: "grapheme", maxLength: 30 }), { maxLength: 6 });
  const field = fc.tuple(fc.stringMatching(/^x-[a-z]{1,8}$/), fc.stringMatching(/^[ -~]{0,20}$/));
  await fc.assert(
    fc.asyncProperty(
      parts,
      fc.array(field, { maxLength: 4 }),
      fc.constantFrom(200, 201, 400, 500),
      fc.boolean(),
      fc.boolean(),
      async (body, fields, status, hasLength, hasHints) => {
        answer = (response) => {
          if (hasHints) response.writeEarlyHints({ link: "</x>; rel=preload" });
          for (const [name, value] of fields) response.setHeader(name, value);
          response.writeHead(status, hasLength ? { "content-length": Buffer.byteLength(body.join("")) } : {});
          for (const part of body) response.write(part);
          response.end();
        };
        const theirs = await request(`http://127.0.0.1:${port}/`);
        const ours = await overSocket(port);
        assert.deepEqual([ours.head.status, ours.body.toString("utf8")], [theirs.statusCode, await theirs.body.text()]);
      },
    ),
    { numRuns: 100 },
  );
});

async function overSocket(port: number): Promise<Extract<Outcome, { readonly kind: "response" }>> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write(`GET / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
  const reader = new ResponseReader(accept, maxBytes);
  try {
    for await (const bytes of socket) {
      const outcome = reader.read(bytes);
      if (outcome === undefined) continue;
      assert.equal(outcome.kind, "response");
      if (outcome.kind === "response") return outcome;
    }
    throw new Error("the connection ended without a response");
  } finally {
    socket.destroy();
  }
}
