import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { temporaryFolder } from "../../../../tests/support/folder.ts";
import { catalyst, eventually, isAlive, Running } from "../../../../tests/support/process.ts";
import { Clients } from "../testing/clients.ts";
import { acme, Gateway } from "../testing/gateway.ts";
import { descendantsOf, plannersOf, untilGone } from "../testing/processes.ts";
import { books, desired } from "../testing/subgraphs.ts";
import { gatewayV1 } from "@catalyst-node/adapters/rpc";

const deadline = { timeout: 90_000 };
const two = ["--workers", "2"];
const { SERVING } = gatewayV1.WorkerStatus_State;
const dune = '{"data":{"dune":"dune"}}';

/** The workers' process ids, by number. */
async function pidsOf(gateway: Gateway): Promise<readonly [number, number]> {
  const { workers } = await gateway.status();
  const [first, second] = workers.map(({ pid }) => pid);
  assert.ok(first !== undefined && second !== undefined && workers.length === 2);
  return [first, second];
}

/** Waits until both serve, the given one by another process. */
async function untilReplaced(gateway: Gateway, pid: number): Promise<gatewayV1.GatewayStatus> {
  return await eventually(
    () => gateway.status(),
    ({ workers }) => workers.every((worker) => worker.state === SERVING && worker.pid !== pid),
    { within: 30_000 },
  );
}

/** The answers over so many new connections. */
async function answers(gateway: Gateway, query: string, count = 6): Promise<readonly string[]> {
  const all = Array.from({ length: count }, async () => {
    const answer = await fetch(gateway.graphql, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json", connection: "close" },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(20_000),
    });
    return (await answer.text()).trim();
  });
  return await Promise.all(all);
}

test("two workers share 50 connections evenly, and the status tells what each has answered", deadline, async () => {
  await using gateway = await Gateway.start(two);
  await using book = await books("dune");
  await gateway.configure({ identity: acme, ...desired([book]) });
  // Each as often as the other: how fast a worker is on a busy machine must not count, only what it was given.
  await using clients = new Clients(gateway.graphql, 50, "{ dune }", dune, 40);
  await clients.done;
  const { workers, counters, pid, state } = await gateway.status();
  assert.deepEqual([clients.wrong, clients.brokenConnections], [[], 0]);
  assert.equal(pid, gateway.running.pid);
  assert.equal(state, gatewayV1.GatewayStatus_State.READY);
  assert.equal(Number(counters?.operations), clients.answered);
  for (const { operations, restarts } of workers) {
    const share = Number(operations) / clients.answered;
    assert.ok(share > 0.4 && share < 0.6, `a share of ${share}`);
    assert.equal(restarts, 0n);
  }
});

test(
  "a killed worker breaks its own connections and nothing else, and is replaced by one that serves",
  deadline,
  async () => {
    await using gateway = await Gateway.start(two);
    await using book = await books("dune");
    await gateway.configure({ identity: acme, ...desired([book]) });
    const [first] = await pidsOf(gateway);
    {
      await using clients = new Clients(gateway.graphql, 20, "{ dune }", dune);
      await eventually(
        () => gateway.status(),
        ({ workers }) => workers.every(({ operations }) => operations > 100n),
      );
      process.kill(first, "SIGKILL");
      const { workers } = await untilReplaced(gateway, first);
      assert.deepEqual(
        workers.map(({ restarts }) => restarts),
        [1n, 0n],
      );
      const before = clients.answered;
      await eventually(
        async () => clients.answered,
        (answered) => answered > before + 200,
      );
      // Never NOT_READY either: the new one was configured before it accepted a connection.
      assert.deepEqual(clients.wrong, []);
      assert.ok(clients.brokenConnections <= 10, `${clients.brokenConnections} of 20 connections broke`);
      assert.ok(clients.asked.every(({ broken }) => broken <= 1));
    }
    assert.deepEqual(new Set(await answers(gateway, "{ dune }", 10)), new Set([dune]));
    const { workers, counters } = await gateway.status();
    assert.ok(workers.every(({ operations }) => operations > 0n));
    assert.ok(Number(counters?.operations) > Number(workers[0]?.operations) + Number(workers[1]?.operations));
  },
);

test("workers that are all killed at once come back on the same port, with what was served", deadline, async () => {
  await using gateway = await Gateway.start(two);
  await using book = await books("dune");
  await gateway.configure({ identity: acme, ...desired([book]) });
  for (let time = 0; time < 2; time += 1) {
    const pids = await pidsOf(gateway);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    await eventually(
      async () => {
        const { workers } = await gateway.status();
        return workers.filter(({ state, pid }) => state === SERVING && !pids.includes(pid)).length;
      },
      (count) => count === 2,
      { within: 30_000 },
    );
    assert.deepEqual(new Set(await answers(gateway, "{ dune }")), new Set([dune]));
  }
  const { workers } = await gateway.status();
  assert.deepEqual(
    workers.map(({ restarts }) => restarts),
    [2n, 2n],
  );
});

test(
  "a hung worker is replaced, holds up no push for good, and what was handed to it is another's",
  deadline,
  async () => {
    await using gateway = await Gateway.start(two);
    await using book = await books("dune");
    await using other = await books("emma");
    await gateway.configure({ identity: acme, ...desired([book]) });
    const [, second] = await pidsOf(gateway);
    process.kill(second, "SIGSTOP");
    const asked = answers(gateway, "{ __typename }");
    const pushed = await gateway.configure(desired([other]));
    assert.deepEqual(pushed.outcomes, { schema: "applied", endpoints: "applied" });
    assert.deepEqual(new Set(await asked), new Set(['{"data":{"__typename":"Query"}}']));
    const { workers } = await untilReplaced(gateway, second);
    assert.equal(workers[1]?.restarts, 1n);
    assert.deepEqual(new Set(await answers(gateway, "{ emma }")), new Set(['{"data":{"emma":"emma"}}']));
    assert.match(gateway.running.stderr, /it has not answered for 5 s/);
  },
);

test(
  "what is refused leaves every worker on the last good one, and the next is applied by every one",
  deadline,
  async () => {
    await using gateway = await Gateway.start(two);
    await using book = await books("dune");
    await using other = await books("emma");
    const good = desired([book]);
    await gateway.configure({ identity: acme, ...good });
    const broken = good.schema.supergraphSdl.replace("dune: String", "dune: Nowhere");
    const refused = await gateway.configure({ schema: { supergraphSdl: broken }, endpoints: good.endpoints });
    assert.deepEqual(refused.outcomes, { schema: "refused", endpoints: "applied" });
    assert.deepEqual(new Set(await answers(gateway, "{ dune }")), new Set([dune]));
    assert.equal((await gateway.status()).counters?.generations, 1);

    const takeover = await gateway.configure({ revision: { epoch: 2n, number: 1n }, ...desired([other]) });
    assert.deepEqual(takeover.outcomes, { schema: "applied", endpoints: "applied" });
    assert.deepEqual(new Set(await answers(gateway, "{ emma }")), new Set(['{"data":{"emma":"emma"}}']));
    const late = await gateway.configure({ revision: { epoch: 1n, number: 9n }, ...good });
    assert.deepEqual(late.outcomes, { schema: "superseded", endpoints: "superseded" });
  },
);

test(
  "one worker that cannot build a schema has all refuse it; one that dies meanwhile does not",
  deadline,
  async () => {
    await using gateway = await Gateway.start(two);
    await using book = await books("dune");
    await using other = await books("emma");
    await gateway.configure({ identity: acme, ...desired([book]) });
    const [, second] = await pidsOf(gateway);
    await using stopped = new AsyncDisposableStack();
    const stall = async (): Promise<void> => {
      // Its planners stand still, the one that waits for the next schema too: it is not built before its deadline.
      const planners = await eventually(
        () => plannersOf(second),
        ({ length }) => length >= 2,
      );
      for (const planner of planners) {
        process.kill(planner, "SIGSTOP");
        // Its worker is gone, so it ends as soon as it is continued.
        stopped.defer(() => void (isAlive(planner) && process.kill(planner, "SIGCONT")));
      }
    };
    await stall();
    const { outcomes, results } = await gateway.configure(desired([other]));
    assert.deepEqual(outcomes, { schema: "refused", endpoints: "applied" });
    assert.equal(results[0]?.problems[0]?.code, "CAT-EXEC-011");
    const { status, errors } = await gateway.ask("{ emma }");
    assert.deepEqual([status, errors?.[0]?.extensions?.["code"]], [400, "GRAPHQL_VALIDATION_FAILED"]);

    await stall();
    const pushed = gateway.configure(desired([other]));
    process.kill(second, "SIGKILL");
    assert.deepEqual((await pushed).outcomes, { schema: "applied", endpoints: "applied" });
    await untilReplaced(gateway, second);
    assert.deepEqual(new Set(await answers(gateway, "{ emma }")), new Set(['{"data":{"emma":"emma"}}']));
  },
);

test("SIGTERM lets what is in flight end in every worker, then all end and leave nothing", deadline, async () => {
  await using gateway = await Gateway.start(two);
  await using book = await books("dune", 400);
  await gateway.configure({ identity: acme, ...desired([book]) });
  const family = await descendantsOf(gateway.running.pid);
  const mutations = answers(gateway, "mutation { setdune }", 4);
  await eventually(
    () => gateway.status(),
    ({ counters }) => counters?.operationsInFlight === 4,
  );
  const stopped = gateway.running.stop("SIGTERM");
  assert.deepEqual(new Set(await mutations), new Set(['{"data":{"setdune":"dune"}}']));
  assert.equal(await stopped, 0);
  await untilGone(family);
  assert.deepEqual(await readdir(gateway.folder), []);
});

test("what is slower than the drain timeout is cut off in every worker", deadline, async () => {
  await using gateway = await Gateway.start([...two, "--drain-timeout", "200ms"]);
  await using book = await books("dune", 5_000);
  await gateway.configure({ identity: acme, ...desired([book]) });
  const stopping = new AbortController();
  const slow = Array.from({ length: 4 }, async () => {
    while (!stopping.signal.aborted) await answers(gateway, "{ wait }", 1).catch(() => undefined);
  });
  await eventually(
    async () => (await gateway.status()).counters?.operationsInFlight,
    (inFlight) => inFlight === 4,
  );
  stopping.abort();
  const began = performance.now();
  assert.equal(await gateway.running.stop("SIGTERM"), 0);
  assert.ok(performance.now() - began < 4_000);
  assert.match(gateway.running.stderr, /"requests":4,"message":"requests were cut off"/);
  await Promise.all(slow);
});

test("a killed primary leaves no worker and no planner behind", deadline, async () => {
  await using gateway = await Gateway.start(two);
  await using book = await books("dune");
  await gateway.configure({ identity: acme, ...desired([book]) });
  const family = await descendantsOf(gateway.running.pid);
  assert.ok(family.length >= 4);
  await gateway.running.kill();
  await untilGone(family);
});

test("a port in use, or a socket in use, ends all with 1 and its code", deadline, async () => {
  await using folder = await temporaryFolder();
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  assert.ok(typeof address === "object" && address !== null);
  const flags = ["gateway", "--state-dir", folder.path, ...two];
  const port = await catalyst([...flags, "--listen", `127.0.0.1:${address.port}`]);
  taken.close();
  assert.equal(port.code, 1);
  assert.match(port.stderr, /^CAT-HTTP-001 127\.0\.0\.1:\d+: /m);
  assert.equal(port.stdout, "");
  await using _ = await Running.catalyst([...flags, "--listen", "127.0.0.1:0"]);
  const socket = await catalyst([...flags, "--listen", "127.0.0.1:0"]);
  assert.equal(socket.code, 1);
  assert.match(socket.stderr, /^CAT-RPC-003 /m);
});
