import assert from "node:assert/strict";
import { test } from "node:test";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, gatewayOf, runNode } from "../support/node.ts";
import { catalyst, eventually, isAlive, Running } from "../support/process.ts";

const query = "{ products(first: 1) { name } }";
const mug = { products: [{ name: "Enamel Mug" }] };

type Shown = {
  readonly inSync: boolean;
  readonly status: {
    readonly pid: number;
    readonly workers: readonly { readonly number: number; readonly pid: number; readonly state: string }[];
  };
};

async function shown(node: Running): Promise<Shown> {
  return (await gatewayOf(node)) as unknown as Shown;
}

function gone(pids: readonly number[]): Promise<readonly number[]> {
  return eventually(
    async () => pids.filter(isAlive),
    (left) => left.length === 0,
    { within: 15_000 },
  );
}

test("a node with workers shows them, and an orchestrator that was killed adopts them all", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  const options = {
    stateDir: folder.path,
    services: { products: products.graphql },
    flags: ["--gateway-workers", "2"],
  };
  const before = await (async () => {
    const node = await runNode(options);
    try {
      const gateway = await shown(node);
      assert.ok(gateway.inSync);
      assert.deepEqual(
        gateway.status.workers.map(({ number, state }) => `${number} ${state}`),
        ["1 serving", "2 serving"],
      );
      const { stdout } = await catalyst(["status", "--api", node.url("api")]);
      assert.match(stdout, /^Gateway: .*, 2 of 2 workers serving$/m);
      return gateway.status;
    } finally {
      await node.kill();
    }
  })();
  const pids = [before.pid, ...before.workers.map(({ pid }) => pid)];
  assert.ok(pids.every(isAlive));
  {
    await using node = await runNode(options);
    const { status, inSync } = await shown(node);
    assert.ok(inSync);
    assert.deepEqual([status.pid, ...status.workers.map(({ pid }) => pid)], pids, "the same processes");
    assert.deepEqual((await ask(node.graphql, query)).data, mug);
  }
  await gone(pids);
});

test("a gateway with another number of workers than is configured is replaced", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  const options = { stateDir: folder.path, services: { products: products.graphql } };
  const node = await runNode(options);
  const { status } = await shown(node);
  assert.deepEqual(status.workers, []);
  await node.kill();
  await using again = await runNode({ ...options, flags: ["--gateway-workers", "2"] });
  const replaced = await shown(again);
  assert.equal(replaced.status.workers.length, 2);
  await gone([status.pid]);
  assert.deepEqual((await ask(again.graphql, query)).data, mug);
});

test("an orchestrator that remembers nothing takes a gateway with workers over by a greater epoch", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  const socket = `unix:${folder.path}/own.sock`;
  const own = ["gateway", "--rpc", socket, "--listen", "127.0.0.1:0", "--workers", "2"];
  await using gateway = await Running.catalyst(own);
  const flags = ["--gateway-embedded=false", "--gateway-rpc-address", socket];
  const services = { products: products.graphql };
  for (const stateDir of ["first", "second"]) {
    const node = await runNode({ stateDir: `${folder.path}/${stateDir}`, services, flags });
    try {
      const { inSync } = await eventually(
        () => shown(node),
        (item) => item.inSync,
      );
      assert.ok(inSync);
      assert.deepEqual((await ask(gateway.graphql, query)).data, mug);
    } finally {
      // Not disposed: that would end the gateway too, which is not its own.
      await node.stop();
    }
  }
});
