import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import type { ServiceAnswer, ServiceRequest } from "@catalyst-node/core/execution";
import { createServicePort, type HttpServicePort, type ServicePortOptions } from "./send.ts";

const never = new AbortController().signal;
const query: ServiceRequest = { service: "s", kind: "query", body: `{"query":"{a}"}`, headers: {} };
const mutation: ServiceRequest = { ...query, kind: "mutation" };
const answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

/** A server that is told what to do with each request: by which connection it came, and which one of that it is. */
type OnRequest = (socket: Socket, connection: number, request: number) => void;

async function serve(
  t: TestContext,
  onRequest: OnRequest,
  options: ServicePortOptions = {},
): Promise<{ readonly port: HttpServicePort; readonly connections: () => number; readonly sockets: Socket[] }> {
  let connections = 0;
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    connections += 1;
    const connection = connections;
    let requests = 0;
    sockets.push(socket);
    socket.on("error", () => undefined);
    // Each comes in one piece: it is small, and is written at once.
    socket.on("data", () => {
      requests += 1;
      onRequest(socket, connection, requests);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const port = createServicePort(options);
  port.setEndpoints(new Map([["s", [{ url: `http://127.0.0.1:${address.port}/` }]]]));
  t.after(async () => {
    await port[Symbol.asyncDispose]();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, connections: () => connections, sockets };
}

const outcome = (got: ServiceAnswer) => (got.kind === "failed" ? got.code : JSON.stringify(got.payload));

/** Answers the first request of a connection, and ends it when the second comes. */
const endsWhenUsedAgain: OnRequest = (socket, connection, request) => {
  if (request === 1 || connection > 1) socket.write(answer);
  else socket.destroy();
};

test("a query whose kept connection ends in the moment of its use is asked over a new one, once", async (t) => {
  const { port, connections } = await serve(t, endsWhenUsedAgain);
  assert.deepEqual([outcome(await port.send(query, never)), outcome(await port.send(query, never))], ["{}", "{}"]);
  assert.equal(connections(), 2);
});

test("a mutation is never sent twice", async (t) => {
  const { port, connections } = await serve(t, endsWhenUsedAgain);
  assert.equal(outcome(await port.send(mutation, never)), "{}");
  assert.equal(outcome(await port.send(mutation, never)), "SERVICE_UNAVAILABLE");
  assert.equal(connections(), 1);
});

test("a query that no connection answers is not asked a third time", async (t) => {
  const { port, connections } = await serve(t, (socket) => socket.destroy());
  assert.equal(outcome(await port.send(query, never)), "SERVICE_UNAVAILABLE");
  assert.equal(connections(), 2);
});

test("a query whose kept connection ended, and the one after it, is asked once more, and no more", async (t) => {
  const lastsFor = (most: number): OnRequest => {
    let requests = 0;
    return (socket) => ((requests += 1) === 1 || requests > most ? socket.write(answer) : socket.destroy());
  };
  const mended = await serve(t, lastsFor(3));
  assert.equal(outcome(await mended.port.send(query, never)), "{}");
  assert.equal(outcome(await mended.port.send(query, never)), "{}");
  assert.equal(mended.connections(), 3);
  const broken = await serve(t, lastsFor(100));
  assert.equal(outcome(await broken.port.send(query, never)), "{}");
  assert.equal(outcome(await broken.port.send(query, never)), "SERVICE_UNAVAILABLE");
  assert.equal(broken.connections(), 3);
});

test("bytes that nobody asked for end the connection, and are no answer to what is asked next", async (t) => {
  const { port, connections, sockets } = await serve(t, (socket) => socket.write(answer));
  await port.send(query, never);
  const [first] = sockets;
  assert.ok(first);
  first.write(answer.replace("{}", "[]"));
  await once(first, "close", { signal: AbortSignal.timeout(5_000) });
  assert.equal(outcome(await port.send(query, never)), "{}");
  assert.equal(connections(), 2);
});

test("a connection that is to be closed after its answer, or kept for no time, is not used again", async (t) => {
  for (const field of ["connection: close", "keep-alive: timeout=1", "Connection: Keep-Alive, Close"]) {
    const said = answer.replace("\r\n\r\n", `\r\n${field}\r\n\r\n`);
    const { port, connections } = await serve(t, (socket) => socket.write(said));
    await port.send(query, never);
    assert.equal(outcome(await port.send(query, never)), "{}");
    assert.equal(connections(), 2, field);
  }
});

test("requests beyond the connections to an origin wait for one, and leave the line when their time is up", async (t) => {
  const held: Socket[] = [];
  const { port, connections } = await serve(t, (socket) => held.push(socket), { connections: 1, tryTimeout: 300 });
  const first = port.send(query, never);
  const second = port.send(query, never);
  const deadline = performance.now() + 5_000;
  while (held.length === 0 && performance.now() < deadline) await new Promise(setImmediate);
  held[0]?.write(answer);
  assert.equal(outcome(await first), "{}");
  assert.equal(outcome(await second), "SERVICE_TIMEOUT");
  assert.equal(connections(), 1);
  const third = port.send(query, never);
  while (held.length < 3 && performance.now() < deadline) await new Promise(setImmediate);
  held.at(-1)?.write(answer);
  assert.equal(outcome(await third), "{}");
  assert.equal(connections(), 2, "the connection of what timed out is not used again");
});

test("when the port is disposed of, what waits and what is in flight ends", async (t) => {
  const { port } = await serve(t, () => undefined, { connections: 1 });
  const both = Promise.all([port.send(query, never), port.send(query, never)]);
  await new Promise(setImmediate);
  await port[Symbol.asyncDispose]();
  assert.deepEqual((await both).map(outcome), ["SERVICE_UNAVAILABLE", "SERVICE_UNAVAILABLE"]);
});

test("when the port is disposed of, a query over a kept connection is not asked over a new one", async (t) => {
  const { port, connections } = await serve(t, (socket, _, request) => request === 1 && socket.write(answer));
  await port.send(query, never);
  const second = port.send(query, never);
  await new Promise(setImmediate);
  await port[Symbol.asyncDispose]();
  assert.equal(outcome(await second), "SERVICE_UNAVAILABLE");
  await new Promise(setImmediate);
  assert.equal(connections(), 1);
});
