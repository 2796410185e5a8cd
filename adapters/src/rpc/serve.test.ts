import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { chmod, stat } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { codes, healthClient, must, serveHealth, temporary } from "./testing/server.ts";

const deadline = { timeout: 20_000 };
const checkPath = "/grpc.health.v1.Health/Check";

/** What curl does: JSON by HTTP/1.1. */
async function post(at: { socketPath: string } | { port: number }, headers: Record<string, string> = {}) {
  const call = request({ ...at, host: "127.0.0.1", path: checkPath, method: "POST", agent: false });
  for (const [name, value] of Object.entries({ "content-type": "application/json", ...headers }))
    call.setHeader(name, value);
  call.end("{}");
  const response = await new Promise<IncomingMessage>((settle) => call.once("response", settle));
  return { status: response.statusCode, body: await text(response) };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

test("one unix socket answers JSON by HTTP/1.1, HTTP/2 without TLS, and gRPC", deadline, async () => {
  await using folder = await temporary();
  const socketPath = join(folder.path, "rpc.sock");
  await using server = must(await serveHealth({ listen: `unix:${socketPath}` }));
  assert.equal(server.url, `unix:${socketPath}`);
  assert.deepEqual(await post({ socketPath }), { status: 200, body: '{"status":"SERVING"}' });

  const session = connectHttp2("http://localhost", { createConnection: () => connect(socketPath) });
  const stream = session.request({ ":path": checkPath, ":method": "POST", "content-type": "application/json" });
  stream.end("{}");
  assert.equal(await text(stream), '{"status":"SERVING"}');
  session.close();

  using client = await healthClient({ address: `unix:${socketPath}` });
  assert.equal(await client.check(), 1);
});

test("a preface that comes byte by byte is still taken for HTTP/2", deadline, async () => {
  await using folder = await temporary();
  const socketPath = join(folder.path, "rpc.sock");
  await using _ = must(await serveHealth({ listen: `unix:${socketPath}` }));
  const socket = connect(socketPath);
  for (const byte of "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") {
    socket.write(byte);
    await new Promise((settle) => setImmediate(settle));
  }
  socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  const [answer] = await once(socket, "data");
  assert.equal(answer[3], 4, "the server answers with a SETTINGS frame");
  socket.destroy();
});

test("a socket is made private, and its folder too", deadline, async () => {
  await using folder = await temporary();
  const path = join(folder.path, "deep", "rpc.sock");
  await using _ = must(await serveHealth({ listen: `unix:${path}` }));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await stat(join(folder.path, "deep"))).mode & 0o777, 0o700);
});

test("a folder that is open to others is refused", deadline, async () => {
  await using folder = await temporary();
  await chmod(folder.path, 0o755);
  assert.deepEqual(codes(await serveHealth({ listen: `unix:${join(folder.path, "rpc.sock")}` })), ["CAT-RPC-004"]);
});

test("a socket that somebody listens on is left alone, and so is a file that is none", deadline, async () => {
  await using folder = await temporary();
  const listen = `unix:${join(folder.path, "rpc.sock")}`;
  await using _ = must(await serveHealth({ listen }));
  assert.deepEqual(codes(await serveHealth({ listen })), ["CAT-RPC-003"]);
  using client = await healthClient({ address: listen });
  assert.equal(await client.check(), 1);
  const file = await folder.file("precious", "text");
  assert.deepEqual(codes(await serveHealth({ listen: `unix:${file}` })), ["CAT-RPC-005"]);
});

test("what a killed process left behind does not hinder the next", deadline, async () => {
  await using folder = await temporary();
  const path = join(folder.path, "rpc.sock");
  const script = await folder.file(
    "victim.mjs",
    `import { createServer } from "node:net";
    createServer().listen(${JSON.stringify(path)}, () => process.send("up"));`,
  );
  const victim = fork(script);
  await once(victim, "message");
  victim.kill("SIGKILL");
  await once(victim, "exit");
  assert.ok((await stat(path)).isSocket(), "the file is still there");
  await using server = must(await serveHealth({ listen: `unix:${path}` }));
  assert.equal(server.url, `unix:${path}`);
});

test("a path that no socket can have, and an address that is none, are told", deadline, async () => {
  await using folder = await temporary();
  assert.deepEqual(codes(await serveHealth({ listen: `unix:${join(folder.path, "x".repeat(200))}` })), ["CAT-RPC-001"]);
  assert.deepEqual(codes(await serveHealth({ listen: "nowhere" })), ["CAT-RPC-001"]);
});

test("TCP without credentials is refused, on loopback too", deadline, async () => {
  assert.deepEqual(codes(await serveHealth({ listen: { host: "127.0.0.1", port: 0 } })), ["CAT-RPC-002"]);
});

test("a port in use is told", deadline, async () => {
  await using first = must(await serveHealth({ listen: "127.0.0.1:0", credentials: "public-read-only" }));
  const again = await serveHealth({
    listen: { host: "127.0.0.1", port: portOf(first.url) },
    credentials: "public-read-only",
  });
  assert.deepEqual(codes(again), ["CAT-RPC-003"]);
});

test("a public API on loopback answers loopback names only, and no other site's page", deadline, async () => {
  await using server = must(await serveHealth({ listen: "127.0.0.1:0", credentials: "public-read-only" }));
  const port = portOf(server.url);
  const statusWith = async (headers: Record<string, string>) => (await post({ port }, headers)).status;
  assert.equal(await statusWith({ host: `localhost:${port}` }), 200);
  assert.equal(await statusWith({ host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` }), 200);
  assert.equal(await statusWith({ host: "evil.example" }), 403);
  assert.equal(await statusWith({ host: "127.0.0.1.evil.example" }), 403);
  assert.equal(await statusWith({ host: `localhost:${port}`, origin: "https://evil.example" }), 403);
  assert.equal(await statusWith({ host: `localhost:${port}`, origin: "null" }), 403);
});

test("a request without Host, or with garbage, ends neither the process nor the server", deadline, async () => {
  await using server = must(await serveHealth({ listen: "127.0.0.1:0", credentials: "public-read-only" }));
  const port = portOf(server.url);
  for (const raw of [`POST ${checkPath} HTTP/1.0\r\n\r\n`, "POST // HTTP/1.1\r\nHost: a b\r\n\r\n", "\0\0\0\r\n\r\n"]) {
    const socket = connect(port, "127.0.0.1");
    socket.end(raw);
    await text(socket).catch(() => "");
  }
  assert.equal((await post({ port })).status, 200);
});

test("a request whose head drips is cut off at its deadline", deadline, async () => {
  await using folder = await temporary();
  const socketPath = join(folder.path, "rpc.sock");
  const times = { headersTimeout: 200, requestTimeout: 400 };
  await using _ = must(await serveHealth({ listen: `unix:${socketPath}`, times }));
  const socket = connect(socketPath);
  let answer = "";
  socket.on("data", (chunk) => (answer += String(chunk)));
  socket.on("error", () => undefined);
  socket.write(`POST ${checkPath} HTTP/1.1\r\nHost: localhost\r\n`);
  const drip = setInterval(() => socket.write("x-more: 1\r\n"), 20);
  // Not by `once`: it rejects on an error, and writing to what has just been closed is one.
  const closed = await new Promise((settle) => {
    socket.once("close", () => settle(true));
    setTimeout(settle, 10_000, false).unref();
  });
  clearInterval(drip);
  socket.destroy();
  assert.equal(closed, true);
  assert.match(answer, /^(?:HTTP\/1\.1 408|$)/);
});

test("a message over the limit is refused", deadline, async () => {
  await using folder = await temporary();
  const listen = `unix:${join(folder.path, "rpc.sock")}`;
  await using _ = must(await serveHealth({ listen, readMaxBytes: 1 }));
  const { status, body } = await post({ socketPath: join(folder.path, "rpc.sock") });
  assert.equal(status, 429);
  assert.match(body, /resource_exhausted/);
});

test("a server that closes ends its streams and frees its address at once", deadline, async () => {
  await using folder = await temporary();
  const listen = `unix:${join(folder.path, "rpc.sock")}`;
  const server = must(await serveHealth({ listen }));
  using client = await healthClient({ address: listen });
  const stream = client.watch()[Symbol.asyncIterator]();
  assert.equal((await stream.next()).value?.status, 1);
  const began = performance.now();
  await server[Symbol.asyncDispose]();
  await stream.next().catch(() => undefined);
  assert.ok(performance.now() - began < 3000);
  await using _ = must(await serveHealth({ listen }));
});
