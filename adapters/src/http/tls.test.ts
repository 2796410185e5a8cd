import assert from "node:assert/strict";
import { once } from "node:events";
import { request as requestHttps } from "node:https";
import { test } from "node:test";
import { auditServer } from "graphql-http";
import { Agent, fetch } from "undici";
import { ask, serveSecurely } from "./testing/secure.ts";
import { quick } from "./testing/serving.ts";

const deadline = { timeout: 30_000 };

const hello = '{"data":{"hello":"world"}}';

test("the client chooses between HTTP/2 and HTTP/1.1, on one port", deadline, async () => {
  await using server = await serveSecurely();
  assert.match(server.serving.server.url, /^https:/);
  for (const [offered, spoken] of [
    [["h2", "http/1.1"], "h2"],
    [["http/1.1"], "http/1.1"],
    [["h2"], "h2"],
  ] as const) {
    const socket = await server.connect({ ALPNProtocols: [...offered] });
    assert.equal(socket.alpnProtocol, spoken);
  }
  await assert.rejects(server.connect({ ALPNProtocols: ["spdy/3"] }));
  const answer = await ask(await server.http2(), "{ hello }");
  assert.deepEqual([answer.status, answer.text], [200, hello]);
  // Who speaks of no protocol speaks HTTP/1.1.
  const call = requestHttps({
    port: server.port,
    path: "/livez",
    ca: server.certificates.ca,
    servername: "localhost",
  }).end();
  const [response] = await once(call, "response");
  assert.deepEqual([response.httpVersion, response.resume().statusCode], ["1.1", 200]);
});

test(
  "TLS 1.2 and 1.3 are spoken, by ciphers with forward secrecy; nothing older, and no renegotiation",
  deadline,
  async () => {
    await using server = await serveSecurely();
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const socket = await server.connect({ minVersion: version, maxVersion: version });
      assert.equal(socket.getProtocol(), version);
    }
    for (const version of ["TLSv1", "TLSv1.1"] as const) {
      // Else OpenSSL itself would not even ask.
      const old = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" } as const;
      await assert.rejects(server.connect(old), /alert protocol version|ECONNRESET/);
    }
    await assert.rejects(
      server.connect({ maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA" }),
      /handshake failure/,
    );
    const socket = await server.connect({ maxVersion: "TLSv1.2" });
    socket.on("error", () => undefined);
    const renegotiated = await new Promise((settle) => {
      socket.once("close", () => settle("closed"));
      socket.renegotiate({}, (error) => settle(error === null ? "done" : "refused"));
    });
    assert.notEqual(renegotiated, "done");
  },
);

test(
  "the audit of GraphQL over HTTP finds nothing over HTTPS, by HTTP/2 and HTTP/1.1, by both paths",
  { timeout: 60_000 },
  async () => {
    const limits = { ...quick, headersTimeout: 10_000, receiveTimeout: 10_000, requestTimeout: 10_000 };
    for (const allowH2 of [true, false]) {
      for (const plain of [true, false]) {
        await using server = await serveSecurely({ dev: true, limits, plain });
        const dispatcher = new Agent({ allowH2, connect: { ca: server.certificates.ca, servername: "localhost" } });
        const fetchFn = (url: string, init: object) => fetch(url, { ...init, dispatcher });
        const results = await auditServer({ url: server.serving.graphql, fetchFn });
        await dispatcher.close();
        const failed = results.flatMap((result) =>
          result.status === "ok" ? [] : [`${result.name}: ${result.reason}`],
        );
        assert.deepEqual(failed, []);
        assert.equal(results.length, 61);
        assert.equal(server.serving.plainAnswers() > 0, plain);
        assert.deepEqual(server.serving.errors, []);
      }
    }
  },
);

test("a request over HTTP/2 is checked as one over HTTP/1.1", deadline, async () => {
  await using server = await serveSecurely({ dev: true });
  const session = await server.http2();
  const known = await ask(session, "{ hello }", { "x-request-id": "mine" });
  assert.equal(known.headers["x-request-id"], "mine");
  assert.match(String((await ask(session, "{ hello }")).headers["x-request-id"]), /^[\da-f-]{36}$/);
  const foreign = await ask(session, "{ hello }", { ":authority": "evil.example", host: "localhost" });
  assert.deepEqual([foreign.status, foreign.text.match(/"code":"(\w+)"/)?.[1]], [403, "FOREIGN_HOST"]);
  const urlencoded = await ask(session, "{ hello }", { "content-type": "application/x-www-form-urlencoded" });
  assert.equal(urlencoded.status, 415);
  assert.equal((await ask(session, "{ hello }", { ":path": "/nothing" })).status, 404);
  assert.equal((await ask(session, "{ hello }", { ":method": "DELETE" })).status, 405);
  // What was refused with its body unread spoils nothing of the connection.
  const large = await ask(session, `{ hello } # ${"x".repeat(300_000)}`);
  assert.deepEqual([large.status, large.text.match(/"code":"(\w+)"/)?.[1]], [413, "REQUEST_ENTITY_TOO_LARGE"]);
  assert.equal((await ask(session, "{ hello }")).text, hello);
  assert.deepEqual(server.serving.errors, []);
});

test("many requests of one connection are answered at once, each its own answer", deadline, async () => {
  // On a busy machine some would be turned away.
  await using server = await serveSecurely({ limits: { ...quick, maxLoopDelay: 0 } });
  const session = await server.http2();
  const names = Array.from({ length: 300 }, (_, index) => `n${index}`);
  const answers = await Promise.all(names.map((name) => ask(session, `{ hello(name: "${name}") }`)));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(server.serving.plainAnswers(), 300);
});
