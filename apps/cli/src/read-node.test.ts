import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { example } from "../../../tests/support/node.ts";
import { type Finished, Running, catalyst, eventually } from "../../../tests/support/process.ts";

/** One node for all tests of this file: they read, and one breaks what it mends again. */
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let inventory: Running;
let node: Running;

before(async () => {
  folder = await temporaryFolder();
  inventory = await example("inventory");
  const identity = ["--organization", "acme", "--node", "west", "--state-dir", folder.path];
  const ports = ["--api-listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
  const present = `name=inventory,url=${inventory.url("graphql")}`;
  const services = ["--service", present, "--service", "name=absent,url=http://127.0.0.1:1/graphql"];
  node = await Running.catalyst(["run", "--log-level", "silent", ...identity, ...ports, ...services]);
  await eventually(
    () => ask("services"),
    ({ stdout }) => /^inventory +serving/m.test(stdout) && stdout.includes("CAT-SERVICE-001"),
  );
});

after(async () => {
  await node?.[Symbol.asyncDispose]();
  await inventory?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

function ask(...args: readonly string[]): Promise<Finished> {
  return catalyst([...args, "--api", node.url("api")]);
}

test("status tells that the node is ready, and what is degraded all the same", async () => {
  const { code, stdout } = await ask("status");
  assert.equal(code, 0);
  assert.match(stdout, /^Node: +acme\/west\nState: +ready\nReason: +CAT-SERVICE-001/m);
  assert.match(stdout, /^Services: +1 of 2 serving, 1 pending$/m);
});

test("status gateway tells the last acknowledgement, in JSON as time and as seconds", async () => {
  const { code, stdout } = await ask("status", "gateway", "-o", "json");
  const { kind, items } = JSON.parse(stdout);
  assert.deepEqual(
    [code, kind, items.length, items[0].connection, items[0].inSync],
    [0, "GatewayStatus", 1, "connected", true],
  );
  assert.match(items[0].acknowledgedAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.equal(typeof items[0].secondsSinceAcknowledged, "number");
});

test("a service that never answered was never fetched, and says why", async () => {
  const { code, stdout } = await ask("services", "absent");
  assert.equal(code, 0);
  assert.match(stdout, /^State: +pending$/m);
  assert.match(stdout, /^Fetched: +never$/m);
  assert.match(stdout, /^Problem: +CAT-SERVICE-001/m);
});

test("a service that is not there exits 1 and names those that are", async () => {
  const { code, stdout, stderr } = await ask("services", "inventori");
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^CAT-CLI-003 inventori: No such service\. There are: inventory, absent\./);
});

test("routes tells which are used", async () => {
  const { stdout } = await ask("routes", "-o", "json");
  const { items } = JSON.parse(stdout);
  assert.deepEqual(
    items.map(({ key, used }: { key: string; used: boolean }) => [key, used]),
    [
      ["acme/west/absent", false],
      ["acme/west/inventory", true],
    ],
  );
});

test("schema print prints what clients see, or the supergraph", async () => {
  const [api, supergraph] = await Promise.all([ask("schema", "print"), ask("schema", "print", "--supergraph")]);
  assert.match(api.stdout, /^ {2}stock\(productId: ID!\): Stock$/m);
  assert.doesNotMatch(api.stdout, /join__/);
  assert.match(supergraph.stdout, /@join__graph\(name: "inventory"/);
});

test("check finds what is wrong, why, and exits 1; of the rest alone it exits 0", async () => {
  const [all, gateway] = await Promise.all([ask("check", "--short"), ask("check", "--only", "gateway")]);
  assert.equal(all.code, 1);
  assert.match(all.stdout, /^services\n {2}error {5}absent is served with a fresh schema\n {12}CAT-SERVICE-001/m);
  assert.equal(gateway.code, 0);
  assert.match(gateway.stdout, /answers a query \(\d+ ms\)$/m);
});

test("a refresh through the admin socket tells at once that a service went away, and that it came back", async () => {
  const refresh = () => ask("services", "inventory", "--refresh", "--state-dir", folder.path, "-o", "json");
  const { host } = new URL(inventory.url("graphql"));
  await inventory.stop();
  assert.match((await refresh()).stdout, /"state":"stale"/);
  inventory = await example("inventory", host);
  assert.match((await refresh()).stdout, /"state":"serving"/);
});

test("a refresh of a service that is not there is refused", async () => {
  const { code, stderr } = await ask("services", "nope", "--refresh", "--state-dir", folder.path);
  assert.equal(code, 1);
  assert.match(stderr, /nope/);
});

test("watch shows the list, then each change, and ends cleanly by SIGINT", { timeout: 60_000 }, async () => {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const args = [main, "services", "inventory", "--watch", "-o", "json", "--api", node.url("api")];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const next = async (): Promise<string> => JSON.parse((await lines.next()).value ?? "{}").items[0].state;
    assert.equal(await next(), "serving");
    const { host } = new URL(inventory.url("graphql"));
    await inventory.stop();
    await ask("services", "--refresh", "--state-dir", folder.path);
    assert.equal(await next(), "stale");
    child.kill("SIGINT");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    inventory = await example("inventory", host);
  } finally {
    child.kill("SIGKILL");
  }
});
