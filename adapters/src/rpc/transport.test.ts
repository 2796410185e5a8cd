import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { toProblem } from "./problems.ts";
import { createAuthority, type Issued } from "./testing/certificates.ts";
import { codes, healthClient, must, serveHealth, temporary } from "./testing/server.ts";
import { rpcTransport } from "./transport.ts";

const deadline = { timeout: 20_000 };
const secret = "correct-horse-battery";

async function problemOf(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => "none",
    (error: unknown) => toProblem(error).code,
  );
}

test(
  "over TCP only the right secret is let in, and a changed file counts at once on both sides",
  deadline,
  async () => {
    await using folder = await temporary();
    const ours = await folder.file("ours", secret);
    const theirs = await folder.file("theirs", `${secret}\n`);
    await using server = must(await serveHealth({ listen: "127.0.0.1:0", credentials: { secretFile: ours } }));
    using client = await healthClient({ address: server.url, secretFile: theirs });
    using without = await healthClient({ address: server.url });
    assert.equal(await client.check(), 1);
    assert.equal(await problemOf(without.check()), "CAT-RPC-011");

    await writeFile(ours, "another-secret-altogether");
    assert.equal(await problemOf(client.check()), "CAT-RPC-011", "the server has read the new secret");
    await writeFile(theirs, "another-secret-altogether");
    assert.equal(await client.check(), 1, "the client too");
    await chmod(ours, 0o644);
    assert.equal(await problemOf(client.check()), "CAT-RPC-011", "a file that others can read lets nobody in");
  },
);

test("a secret that is short, readable by others, or missing is refused on both sides", deadline, async () => {
  await using folder = await temporary();
  const files = [
    await folder.file("short", "hush"),
    await folder.file("open", secret, 0o640),
    await folder.file("blank", "two words of a secret"),
    join(folder.path, "missing"),
  ];
  for (const secretFile of files) {
    assert.deepEqual(codes(await serveHealth({ listen: "127.0.0.1:0", credentials: { secretFile } })), ["CAT-RPC-006"]);
    assert.deepEqual(codes(await rpcTransport({ address: "http://127.0.0.1:1", secretFile })), ["CAT-RPC-006"]);
  }
});

test("mutual TLS lets in whoever the authority vouches for, and nobody else", deadline, async () => {
  await using folder = await temporary();
  const authority = createAuthority("ours");
  const stranger = createAuthority("ours");
  const write = async (name: string, ca: string, { cert, key }: Issued) => ({
    caFile: await folder.file(`${name}.ca`, ca, 0o644),
    certFile: await folder.file(`${name}.crt`, cert, 0o644),
    keyFile: await folder.file(`${name}.key`, key),
  });
  const ofServer = await write("server", authority.ca, authority.issue("gateway"));
  const ofClient = await write("client", authority.ca, authority.issue("orchestrator"));
  const ofStranger = await write("stranger", authority.ca, stranger.issue("orchestrator"));
  const ofDeceived = await write("deceived", stranger.ca, authority.issue("orchestrator"));

  await using server = must(await serveHealth({ listen: "127.0.0.1:0", credentials: { tls: ofServer } }));
  assert.match(server.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  using client = await healthClient({ address: server.url, tls: ofClient });
  using intruder = await healthClient({ address: server.url, tls: ofStranger });
  using deceived = await healthClient({ address: server.url, tls: ofDeceived });
  using naked = await healthClient({ address: server.url });
  assert.equal(await client.check(), 1);
  assert.notEqual(await problemOf(intruder.check()), "none");
  assert.equal(await problemOf(deceived.check()), "CAT-RPC-011", "the client checks the server too");
  assert.notEqual(await problemOf(naked.check()), "none");

  await chmod(ofServer.keyFile, 0o644);
  const open = await serveHealth({ listen: "127.0.0.1:0", credentials: { tls: ofServer } });
  assert.deepEqual(codes(open), ["CAT-RPC-007"], "a key that others can read is refused");
});

test("a client reconnects by itself when its peer was away", deadline, async () => {
  await using folder = await temporary();
  const listen = `unix:${join(folder.path, "rpc.sock")}`;
  using client = await healthClient({ address: listen });
  assert.equal(await problemOf(client.check()), "CAT-RPC-010");
  for (let round = 0; round < 3; round++) {
    await using _ = must(await serveHealth({ listen }));
    assert.equal(await client.check(), 1);
  }
  assert.equal(await problemOf(client.check()), "CAT-RPC-010");
});

test("a stream whose peer has fallen silent ends within seconds", deadline, async () => {
  await using folder = await temporary();
  const listen = `unix:${join(folder.path, "rpc.sock")}`;
  await using _ = must(await serveHealth({ listen }));
  const between = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(join(folder.path, "rpc.sock"));
    for (const socket of [near, far]) between.add(socket.on("error", () => undefined));
    near.pipe(far).pipe(near);
  });
  proxy.listen(join(folder.path, "proxy.sock"));
  await once(proxy, "listening");

  using client = await healthClient({ address: `unix:${join(folder.path, "proxy.sock")}` });
  const stream = client.watch()[Symbol.asyncIterator]();
  assert.equal((await stream.next()).value?.status, 1);
  for (const socket of between) socket.unpipe().pause();
  const began = performance.now();
  assert.equal(await problemOf(stream.next()), "CAT-RPC-010");
  assert.ok(performance.now() - began < 8000);
  for (const socket of between) socket.destroy();
  proxy.close();
});
