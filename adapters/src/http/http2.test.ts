import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { type ClientHttp2Session, constants } from "node:http2";
import { test } from "node:test";
import type { TLSSocket } from "node:tls";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { ask, json, serveSecurely } from "./testing/secure.ts";
import { echo, quick } from "./testing/serving.ts";

const deadline = { timeout: 30_000 };
const hello = '{"data":{"hello":"world"}}';

/** A connection that has said it speaks HTTP/2, by hand. */
async function byHand(server: Awaited<ReturnType<typeof serveSecurely>>): Promise<TLSSocket> {
  const socket = await server.connect({ ALPNProtocols: ["h2"] });
  socket.on("error", () => undefined).resume();
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(frame(0x4, 0, 0, ""));
  return socket;
}

function frame(type: number, flags: number, stream: number, hex: string): Buffer {
  const payload = Buffer.from(hex, "hex");
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** In milliseconds. */
async function untilClosed(socket: TLSSocket, within = 10_000): Promise<number> {
  const began = performance.now();
  if (!socket.closed) await once(socket, "close", { signal: AbortSignal.timeout(within) });
  return performance.now() - began;
}

test("who says nothing, or begins a head without an end, is let go in the time of a head", deadline, async () => {
  await using server = await serveSecurely();
  const silent = await server.connect({ ALPNProtocols: ["h2"] });
  silent.on("error", () => undefined).resume();
  const dripping = await byHand(server);
  // HEADERS without END_HEADERS, then a CONTINUATION of one byte from time to time.
  dripping.write(frame(0x1, 0x1, 1, "8287"));
  const drip = setInterval(() => void dripping.write(frame(0x9, 0, 1, "84")), 50);
  const took = await Promise.all([untilClosed(silent), untilClosed(dripping)]);
  clearInterval(drip);
  assert.ok(Math.max(...took) < 5_000, `${took.join(", ")} ms`);
  assert.equal((await ask(await server.http2(), "{ hello }")).text, hello);
});

test("a body that does not come ends its request alone, in the time of a request", deadline, async () => {
  await using server = await serveSecurely();
  const session = await server.http2();
  for (const length of [{}, { "content-length": "400" }]) {
    const slow = session.request({ ...json, ...length }, { endStream: false });
    slow.write('{"query":');
    slow.on("error", () => undefined);
    const began = performance.now();
    await once(slow, "close", { signal: AbortSignal.timeout(10_000) });
    assert.ok(performance.now() - began < 5_000);
    assert.equal((await ask(session, "{ hello }")).text, hello);
  }
});

test("a connection that has been asked something outlives the time of a head", deadline, async () => {
  await using server = await serveSecurely();
  const session = await server.http2();
  for (let time = 0; time < 2; time += 1) {
    assert.equal((await ask(session, "{ hello }")).text, hello);
    await new Promise((settle) => setTimeout(settle, 2 * quick.headersTimeout));
  }
  assert.equal(session.destroyed, false);
});

test("floods end their connection, and nothing else", deadline, async () => {
  await using server = await serveSecurely({ limits: { ...quick, headersTimeout: 10_000, receiveTimeout: 10_000 } });
  const other = await server.http2();
  const rapid = await byHand(server);
  const head = `8284874109${Buffer.from("localhost").toString("hex")}`;
  for (let stream = 1; stream < 6_000 && !rapid.destroyed; stream += 2) {
    rapid.write(Buffer.concat([frame(0x1, 0x4, stream, head), frame(0x3, 0, stream, "00000008")]));
  }
  await untilClosed(rapid);

  const endless = await byHand(server);
  endless.write(frame(0x1, 0x1, 1, "8287"));
  for (let count = 0; count < 2_000 && !endless.destroyed; count += 1) endless.write(frame(0x9, 0, 1, ""));
  await untilClosed(endless);

  const long = await byHand(server);
  const field = "000178017f";
  long.write(frame(0x1, 0x1, 1, "8287"));
  for (let count = 0; count < 2_000 && !long.destroyed; count += 1) long.write(frame(0x9, 0, 1, field.repeat(100)));
  await untilClosed(long);
  assert.equal((await ask(other, "{ hello }")).text, hello);
  assert.deepEqual(server.serving.errors, []);
});

test("a head that is too long is refused", deadline, async () => {
  await using server = await serveSecurely();
  const session = await server.http2();
  const stream = session.request({ ...json, ":method": "GET", "x-long": "a".repeat(40_000) });
  stream.on("error", () => undefined);
  const answered = await Promise.race([
    once(stream, "response").then(([head]) => Number(head[":status"])),
    once(stream, "close").then(() => 0),
  ]);
  assert.ok(answered === 0 || answered === 431, String(answered));
  assert.equal((await ask(await server.http2(), "{ hello }")).text, hello);
});

test("a client that leaves its request, not its connection, has it given up", deadline, async () => {
  const given = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await using server = await serveSecurely({
    run: async (operation) => {
      if (operation.query === "{ hello }") return echo(operation);
      asked.resolve();
      operation.signal.addEventListener("abort", () => given.resolve());
      return await new Promise(() => undefined);
    },
  });
  const session = await server.http2();
  const body = JSON.stringify({ query: "{ slow: hello }" });
  const stream = session.request({ ...json, "content-length": String(body.length) });
  stream.on("error", () => undefined).end(body);
  await asked.promise;
  stream.close(constants.NGHTTP2_CANCEL);
  await given.promise;
  assert.equal((await ask(session, "{ hello }")).text, hello);
});

test("a stop has what is in flight answered, tells clients to go, and cuts off at its deadline", deadline, async () => {
  const release = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await using server = await serveSecurely({
    run: async (operation) => {
      if (operation.query === "{ hello }") return echo(operation);
      asked.resolve();
      await release.promise;
      return echo(operation);
    },
  });
  const sessions: readonly ClientHttp2Session[] = await Promise.all([server.http2(), server.http2()]);
  const [busy, idle] = sessions;
  assert.ok(busy && idle);
  await ask(idle, "{ hello }");
  const answer = ask(busy, "{ slow: hello }");
  await asked.promise;
  const went = Promise.all(sessions.map((session) => once(session, "goaway", { signal: AbortSignal.timeout(5_000) })));
  const stopped = server.serving.server.stop(20_000);
  await went;
  release.resolve();
  assert.equal((await answer).status, 200);
  const began = performance.now();
  assert.equal(await stopped, 0);
  assert.ok(performance.now() - began < 5_000);
});

test("what does not end by the deadline of a stop is cut off and counted", deadline, async () => {
  const asked = Promise.withResolvers<void>();
  await using server = await serveSecurely({
    run: async () => {
      asked.resolve();
      return await new Promise(() => undefined);
    },
  });
  const answer = ask(await server.http2(), "{ hello }").catch(() => "cut");
  await asked.promise;
  const began = performance.now();
  assert.equal(await server.serving.server.stop(200), 1);
  assert.ok(performance.now() - began < 3_000);
  await answer;
});

test("subscriptions come by server-sent events over HTTP/2, and end when their client leaves", deadline, async () => {
  const left = Promise.withResolvers<void>();
  await using server = await serveSecurely({
    async subscribe({ signal }) {
      signal.addEventListener("abort", () => left.resolve());
      return ticks(signal);
    },
  });
  const session = await server.http2();
  const body = JSON.stringify({ query: "subscription { tick }" });
  const stream = session.request({ ...json, accept: "text/event-stream", "content-length": String(body.length) });
  stream.on("error", () => undefined).end(body);
  const [head] = await once(stream, "response");
  assert.match(String(head["content-type"]), /^text\/event-stream/);
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    text += String(chunk);
    if (text.split("event: next").length > 3) break;
  }
  assert.match(text, /"tick":1/);
  stream.close(constants.NGHTTP2_CANCEL);
  await left.promise;
  assert.equal((await ask(session, "{ hello }")).text, hello);
});

async function* ticks(signal: AbortSignal) {
  for (let tick = 0; !signal.aborted; tick += 1) {
    yield { data: { tick } };
    await new Promise((settle) => setTimeout(settle, 10));
  }
}

test("a WebSocket is opened over TLS", deadline, async () => {
  await using server = await serveSecurely();
  class Trusting extends WebSocket {
    constructor(url: string, protocols: string | string[]) {
      super(url, protocols, { ca: server.certificates.ca });
    }
  }
  const url = `wss://localhost:${server.port}/graphql`;
  const client = createClient({ url, webSocketImpl: Trusting, retryAttempts: 0 });
  const answers = [];
  for await (const answer of client.iterate({ query: "subscription { tick }" })) answers.push(answer.data?.["tick"]);
  for await (const answer of client.iterate({ query: "{ hello }" })) answers.push(answer.data?.["hello"]);
  await client.dispose();
  assert.equal(answers.at(-1), "world");
  assert.ok(answers.length > 1);
});

test("a new certificate is shown to new connections, and those that are open go on", deadline, async () => {
  await using server = await serveSecurely();
  const before = [await server.http2(), await server.http2()];
  const kept = await server.connect();
  const { fingerprint256 } = new X509Certificate(server.renew().cert);
  assert.equal((await server.connect()).getPeerX509Certificate()?.fingerprint256, fingerprint256);
  assert.notEqual(kept.getPeerX509Certificate()?.fingerprint256, fingerprint256);
  for (const session of before) assert.equal((await ask(session, "{ hello }")).text, hello);
  // TLS 1.2 is as new as before.
  await assert.rejects(server.connect({ maxVersion: "TLSv1.1", minVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }));
});
