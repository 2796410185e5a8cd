import assert from "node:assert/strict";
import { createServer } from "node:net";
import { readdir, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { test } from "node:test";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { catalyst, eventually, Running } from "../../../tests/support/process.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { childrenOf, untilGone } from "./testing/processes.ts";
import { books, desired } from "./testing/subgraphs.ts";

const deadline = { timeout: 60_000 };

test("SIGTERM lets a slow mutation end, then the process ends with 0 and leaves nothing", deadline, async () => {
  await using gateway = await Gateway.start();
  await using book = await books("dune", 400);
  await gateway.configure({ identity: acme, ...desired([book]) });
  const planners = await childrenOf(gateway.running.pid);
  assert.ok(planners.length > 0, "planner processes run");
  const mutation = gateway.ask("mutation { setdune }");
  await eventually(
    () => gateway.status(),
    ({ counters }) => counters?.operationsInFlight === 1,
  );
  const stopped = gateway.running.stop("SIGTERM");
  assert.deepEqual(await mutation, { status: 200, data: { setdune: "dune" } });
  assert.equal(await stopped, 0);
  await untilGone(planners);
  assert.deepEqual(await readdir(gateway.folder), []);
});

test(
  "what is slower than the drain timeout is cut off, and a second signal does not wait for it",
  deadline,
  async () => {
    await using book = await books("dune", 2500);
    for (const [flags, signals, code] of [
      [["--drain-timeout", "200ms"], 1, 0],
      [["--drain-timeout", "60s"], 2, 1],
    ] as const) {
      await using gateway = await Gateway.start(flags);
      await gateway.configure({ identity: acme, ...desired([book]) });
      const slow = gateway.ask("{ wait }").then(
        ({ status }) => status,
        () => "cut",
      );
      await eventually(
        () => gateway.status(),
        ({ counters }) => counters?.operationsInFlight === 1,
      );
      const planners = await childrenOf(gateway.running.pid);
      const began = performance.now();
      const stopped = gateway.running.stop("SIGTERM");
      if (signals === 2) {
        await eventually(
          async () => gateway.running.stderr,
          (text) => text.includes('"stopping"'),
        );
        process.kill(gateway.running.pid, "SIGTERM");
      }
      assert.equal(await stopped, code);
      assert.ok(performance.now() - began < 5000);
      assert.notEqual(await slow, 200);
      await untilGone(planners);
    }
  },
);

test("a killed gateway's planners die with it, and its socket does not hinder the next", deadline, async () => {
  await using folder = await temporaryFolder();
  const flags = ["gateway", "--state-dir", folder.path, "--listen", "127.0.0.1:0"];
  {
    await using gateway = await Gateway.start();
    await using book = await books("dune");
    await gateway.configure({ identity: acme, ...desired([book]) });
    const planners = await childrenOf(gateway.running.pid);
    assert.ok(planners.length > 0);
    await gateway.running.kill();
    await untilGone(planners);
  }
  const first = await Running.catalyst(flags);
  await first.kill();
  assert.deepEqual(await readdir(folder.path), ["gateway.sock"]);
  await using second = await Running.catalyst(flags);
  assert.equal(second.url("rpc"), `unix:${folder.path}/gateway.sock`);
});

test(
  "a port in use, or a socket in use, ends the process with 1 and its code, and nothing half started",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    assert.ok(typeof address === "object" && address !== null);
    const port = await catalyst(["gateway", "--state-dir", folder.path, "--listen", `127.0.0.1:${address.port}`]);
    taken.close();
    assert.equal(port.code, 1);
    assert.match(port.stderr, /^CAT-HTTP-001 127\.0\.0\.1:\d+: /m);
    assert.equal(port.stdout, "");
    assert.deepEqual(await readdir(folder.path), []);

    await using _ = await Running.catalyst(["gateway", "--state-dir", folder.path, "--listen", "127.0.0.1:0"]);
    const socket = await catalyst(["gateway", "--state-dir", folder.path, "--listen", "127.0.0.1:0"]);
    assert.equal(socket.code, 1);
    assert.match(socket.stderr, /^CAT-RPC-003 /m);
  },
);

test("flags that mean nothing are a usage error before anything is bound", deadline, async () => {
  for (const flags of [
    ["--listen", "nowhere"],
    ["--drain-timeout", "10"],
    ["--workers", "0"],
    ["--rpc-tls-ca-file", "ca.pem"],
  ]) {
    const { code, stderr } = await catalyst(["gateway", ...flags]);
    assert.equal(code, 2, flags.join(" "));
    assert.match(stderr, /--/);
  }
});

test("TCP without a secret is refused, with one it is served", deadline, async () => {
  await using folder = await temporaryFolder();
  const flags = ["gateway", "--listen", "127.0.0.1:0", "--rpc", "127.0.0.1:0", "--state-dir", folder.path];
  const open = await catalyst(flags);
  assert.equal(open.code, 1);
  assert.match(open.stderr, /^CAT-RPC-002 /m);
  const secret = `${folder.path}/secret`;
  await writeFile(secret, "correct-horse-battery", { mode: 0o600 });
  await using gateway = await Running.catalyst([...flags, "--rpc-secret-file", secret]);
  const call = (authorization: string) =>
    fetch(`${gateway.url("rpc")}/catalyst.gateway.v1.GatewayService/GetStatus`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body: "{}",
    });
  assert.equal((await call("Bearer correct-horse-battery")).status, 200);
  assert.equal((await call("Bearer wrong-horse-battery")).status, 401);
  assert.equal((await call("")).status, 401);
});
