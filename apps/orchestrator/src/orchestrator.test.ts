import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { isRunning } from "@catalyst-node/adapters/process";
import {
  adminV1,
  Code,
  ConnectError,
  createClient,
  Health,
  HealthCheckResponse_ServingStatus,
  orchestratorV1,
  rpcTransport,
  type RpcTransport,
} from "@catalyst-node/adapters/rpc";
import { answersHtml, badService, hangs, hasSdl } from "../../../tests/support/bad-service.ts";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { nodeFlags, runNode } from "../../../tests/support/node.ts";
import { ownHost } from "../../../tests/support/own-host.ts";
import { catalyst, eventually, Running } from "../../../tests/support/process.ts";

const deadline = { timeout: 120_000 };

async function transport(address: string): Promise<RpcTransport> {
  const made = await rpcTransport({ address });
  assert.ok(made.ok);
  return made.value;
}

function adminSocket(stateDir: string): string {
  return join(stateDir, "admin.sock");
}

function pidOf(node: Running, name: string): number {
  const { items } = node.document;
  assert.ok(Array.isArray(items));
  const found: unknown = items.find((item) => item.process === name);
  assert.ok(typeof found === "object" && found !== null && "pid" in found && typeof found.pid === "number");
  return found.pid;
}

async function taken(): Promise<{ readonly address: string; readonly server: Server } & AsyncDisposable> {
  const server = createServer().listen(0, ownHost);
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return {
    server,
    address: `${ownHost}:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
    },
  };
}

test(
  "a node tells its events and its health, and serves a changed schema at once when it is asked to look",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    await using shop = await badService(hasSdl("type Query { old: Int }"));
    await using broken = await badService(answersHtml);
    await using node = await runNode({ stateDir: folder.path, services: { shop: shop.url, broken: broken.url } });
    using reading = await transport(node.url("api"));
    using changing = await transport(`unix:${adminSocket(folder.path)}`);
    const api = createClient(orchestratorV1.OrchestratorService, reading);
    const admin = createClient(adminV1.AdminService, changing);

    assert.match((await api.getSchema({})).apiSdl, /old: Int/);
    const { status } = await createClient(Health, reading).check({});
    assert.equal(status, HealthCheckResponse_ServingStatus.SERVING);

    const stop = new AbortController();
    const kinds: string[] = [];
    const watching = (async () => {
      for await (const event of api.watchEvents({}, { signal: stop.signal }))
        kinds.push(`${event.seq} ${event.kind} ${event.subject}`);
    })().catch((error: unknown) => error);
    await eventually(
      async () => kinds.join(),
      (text) => text.includes("service.unanswered broken") && text.includes("gateway.configured"),
    );
    assert.ok(kinds[0]?.startsWith("1 "), kinds[0]);

    shop.behave(hasSdl("type Query { new: Int }"));
    broken.behave(hasSdl("type Query { new: Int }"));
    await admin.refreshServices({});
    assert.match((await api.getSchema({})).apiSdl, /new: Int/);
    const quarantined = await api.listServices({ name: "broken" });
    assert.equal(quarantined.services[0]?.state, orchestratorV1.Service_State.QUARANTINED);
    assert.match(quarantined.services[0]?.problems[0]?.message ?? "", /"broken" and "shop"/);
    await eventually(
      async () => kinds.join(),
      (text) => text.includes("service.quarantined broken"),
    );

    await assert.rejects(admin.refreshServices({ names: ["nobody"] }), (error) => {
      return error instanceof ConnectError && error.code === Code.InvalidArgument;
    });
    await assert.rejects(api.listServices({ name: "nobody" }), (error) => {
      return error instanceof ConnectError && error.code === Code.NotFound;
    });
    stop.abort();
    await watching;
  },
);

test("a gateway that listens elsewhere than configured is replaced, not doubled", deadline, async () => {
  await using folder = await temporaryFolder();
  const first = await runNode({ stateDir: folder.path });
  const old = pidOf(first, "gateway");
  await first.kill();
  assert.ok(await isRunning(old));
  const free = await taken();
  await free[Symbol.asyncDispose]();
  const flags = nodeFlags({ stateDir: folder.path }).map((flag, index, all) =>
    all[index - 1] === "--gateway-listen" ? free.address : flag,
  );
  await using second = await Running.catalyst(["run", ...flags]);
  assert.equal(second.url("graphql"), `http://${free.address}`);
  assert.ok(!(await isRunning(old)));
});

test(
  "an adopted gateway that is killed is noticed, though it is nobody's child, and comes back configured",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    const first = await runNode({ stateDir: folder.path });
    const pid = pidOf(first, "gateway");
    await first.kill();
    await using second = await runNode({ stateDir: folder.path });
    assert.equal(pidOf(second, "gateway"), pid, "it was adopted");
    process.kill(pid, "SIGKILL");
    using reading = await transport(second.url("api"));
    const api = createClient(orchestratorV1.OrchestratorService, reading);
    const { gateway } = await eventually(
      () => api.getGateway({}),
      (answer) => answer.gateway?.inSync === true && answer.gateway.status?.pid !== pid,
    );
    assert.equal(gateway?.status?.organization, "acme");
  },
);

test("the API's port in use: exit 1 with its problem, and no gateway was started", deadline, async () => {
  await using folder = await temporaryFolder();
  await using other = await taken();
  const flags = ["--organization", "acme", "--node", "west", "--state-dir", folder.path];
  const { code, stdout, stderr } = await catalyst([
    "run",
    ...flags,
    "--api-listen",
    other.address,
    "--gateway-listen",
    "127.0.0.1:0",
  ]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, new RegExp(`CAT-RPC-003 .*${other.address}`));
  assert.ok(!existsSync(`${folder.path}/gateway.sock`) && !existsSync(adminSocket(folder.path)));
});

test("the gateway's port in use: exit 1 with both problems, and nothing is left", deadline, async () => {
  await using folder = await temporaryFolder();
  await using other = await taken();
  const flags = ["--organization", "acme", "--node", "west", "--state-dir", folder.path];
  const { code, stdout, stderr } = await catalyst([
    "run",
    ...flags,
    "--gateway-listen",
    other.address,
    "--api-listen",
    "127.0.0.1:0",
  ]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, new RegExp(`CAT-[A-Z]+-\\d+ .*${other.address}`));
  assert.match(stderr, /CAT-NODE-008 .*exit code 1/);
  assert.ok(!existsSync(`${folder.path}/gateway.sock`) && !existsSync(adminSocket(folder.path)));
});

test("a state folder of another node: exit 3 before anything is bound", deadline, async () => {
  await using folder = await temporaryFolder();
  const node = await runNode({ stateDir: folder.path });
  assert.equal(await node.stop(), 0);
  const { code, stderr } = await catalyst([
    "run",
    "--organization",
    "acme",
    "--node",
    "east",
    "--state-dir",
    folder.path,
  ]);
  assert.equal(code, 3);
  assert.match(stderr, /CAT-STATE-002 .*acme\/west.*acme\/east/);
});

test("a remote gateway is configured, and a stop of the node leaves it serving", deadline, async () => {
  await using folder = await temporaryFolder();
  await using apart = await temporaryFolder();
  await using shop = await badService(hasSdl("type Query { a: Int }"));
  const rpc = `unix:${apart.path}/rpc.sock`;
  await using gateway = await Running.catalyst(["gateway", "--listen", "127.0.0.1:0", "--rpc", rpc]);
  const flags = ["--gateway-embedded=false", "--gateway-rpc-address", rpc];
  const node = await runNode({ stateDir: folder.path, services: { shop: shop.url }, flags });
  assert.equal(node.url("graphql"), gateway.url("graphql"));
  assert.equal(await node.stop(), 0);
  const ready = await fetch(`${gateway.url("graphql")}/readyz`);
  assert.equal(ready.status, 200);
});

test("a second SIGTERM ends node and gateway at once, though the gateway still drains", deadline, async () => {
  await using folder = await temporaryFolder();
  await using shop = await badService(hasSdl("type Query { a: Int }"));
  const node = await runNode({ stateDir: folder.path, services: { shop: shop.url } });
  const gateway = pidOf(node, "gateway");
  shop.behave(hangs);
  const before = shop.requests();
  const slow = fetch(`${node.url("graphql")}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: `{"query":"{ a }"}`,
  }).catch(() => undefined);
  await eventually(
    async () => shop.requests(),
    (count) => count > before,
  );
  process.kill(node.pid, "SIGTERM");
  await eventually(
    async () => node.stderr,
    (text) => text.includes("stopping"),
  );
  assert.equal(await node.stop("SIGTERM"), 1, "after the drain it would be 0");
  await eventually(
    () => isRunning(gateway),
    (alive) => !alive,
  );
  await slow;
});
