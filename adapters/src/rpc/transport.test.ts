import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Health } from "./gen/grpc/health/v1/health_pb.ts";
import { toProblem } from "./problems.ts";
import { serveRpc } from "./serve.ts";
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
  const both = await Promise.all([client.check(), client.check()].map(problemOf));
  assert.deepEqual(both, ["CAT-RPC-010", "CAT-RPC-010"], "the second too, which finds the first still connecting");
  for (let round = 0; round < 3; round++) {
    await using _ = must(await serveHealth({ listen }));
    assert.equal(await client.check(), 1);
  }
  assert.equal(await problemOf(client.check()), "CAT-RPC-010");
});

test("a process that is halted ends the calls and streams to it, and nothing else", deadline, async () => {
  await using folder = await temporary();
  const listen = `unix:${join(folder.path, "rpc.sock")}`;
  const server = spawn(process.execPath, [`${import.meta.dirname}/testing/health-process.ts`, listen]);
  try {
    await once(server.stdout, "data");
    using client = await healthClient({ address: listen, timeoutMs: 15_000 });
    const [read, idle] = [client.watch(), client.watch()].map((stream) => stream[Symbol.asyncIterator]());
    assert.equal((await read?.next())?.value?.status, 1);
    assert.equal((await idle?.next())?.value?.status, 1);
    for await (const { status } of client.watch()) {
      assert.equal(status, 1);
      break;
    }

    server.kill("SIGSTOP");
    const began = performance.now();
    const waiting = [read?.next(), client.check(), client.check("x".repeat(1_000_000))];
    const problems = await Promise.all(waiting.map(async (call) => await problemOf(Promise.resolve(call))));
    assert.deepEqual(problems, ["CAT-RPC-010", "CAT-RPC-010", "CAT-RPC-010"]);
    const took = performance.now() - began;
    assert.ok(took > 3_500 && took < 8_000, `given up after ${took} ms`);

    server.kill("SIGCONT");
    assert.equal(await client.check(), 1, "it is found again");
    assert.equal(await problemOf(Promise.resolve(idle?.next())), "CAT-RPC-010", "told when somebody reads again");
  } finally {
    server.kill("SIGKILL");
  }
});

test("a client that was itself halted does not take its peer for silent", deadline, async () => {
  await using folder = await temporary();
  const listen = `unix:${join(folder.path, "rpc.sock")}`;
  const server = spawn(process.execPath, [`${import.meta.dirname}/testing/health-process.ts`, listen]);
  try {
    await once(server.stdout, "data");
    using client = await healthClient({ address: listen });
    const stream = client.watch()[Symbol.asyncIterator]();
    assert.equal((await stream.next()).value?.status, 1);
    const ended = problemOf(stream.next());
    for (let stall = 0; stall < 2; stall++) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_100);
      await new Promise((settle) => setImmediate(settle));
    }
    assert.equal(await Promise.race([ended, client.check()]), 1);
  } finally {
    server.kill("SIGKILL");
  }
});

test("a call that is under way ends when its transport is disposed of", deadline, async () => {
  await using folder = await temporary();
  const arrived = Promise.withResolvers<void>();
  const server = await serveRpc({
    listen: `unix:${join(folder.path, "rpc.sock")}`,
    routes: (router) =>
      router.service(Health, {
        check() {
          arrived.resolve();
          return new Promise(() => undefined);
        },
      }),
  });
  await using served = must(server);
  const client = await healthClient({ address: served.url, timeoutMs: 15_000 });
  const call = problemOf(client.check());
  await arrived.promise;
  const began = performance.now();
  client[Symbol.dispose]();
  assert.equal(await call, "CAT-RPC-016");
  assert.ok(performance.now() - began < 5_000);
});
