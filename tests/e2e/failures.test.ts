import assert from "node:assert/strict";
import { test } from "node:test";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, gatewayOf, runNode } from "../support/node.ts";
import { type Running, catalyst, eventually, isAlive } from "../support/process.ts";

const query = `{ products(first: 2) { name averageRating } }`;

type GatewayItem = {
  readonly inSync: boolean;
  readonly status: {
    readonly pid: number;
    readonly instanceId: string;
    readonly counters: Readonly<Record<string, number>>;
    readonly listeners: readonly { readonly name: string; readonly url: string }[];
    readonly sections: readonly { readonly section: string; readonly revision: unknown; readonly digest: string }[];
  } | null;
};

async function gateway(node: Running): Promise<GatewayItem> {
  return (await gatewayOf(node)) as GatewayItem;
}

async function gatewayPid(node: Running): Promise<number> {
  const { status } = await gateway(node);
  if (status === null) throw new Error("the gateway told no status");
  return status.pid;
}

test("a gateway killed with -9 is back, configured again, unaided", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using reviews = await example("reviews");
  await using node = await runNode({
    stateDir: folder.path,
    services: { products: products.graphql, reviews: reviews.graphql },
  });
  const before = await ask(node.graphql, query);
  const first = await gatewayPid(node);
  process.kill(first, "SIGKILL");
  const second = await eventually(
    () => gateway(node),
    ({ inSync, status }) => inSync && status !== null && status.pid !== first,
  );
  assert.ok(second.status !== null && isAlive(second.status.pid));
  const url = second.status.listeners.find(({ name }) => name === "graphql")?.url ?? "";
  assert.deepEqual(await ask(`${url}/graphql`, query), before);
});

test("a gateway that hangs is killed after a while and started again", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using node = await runNode({ stateDir: folder.path, services: { products: products.graphql } });
  const first = await gatewayPid(node);
  process.kill(first, "SIGSTOP");
  const began = performance.now();
  const second = await eventually(
    () => gateway(node),
    ({ inSync, status }) => inSync && status !== null && status.pid !== first,
    { every: 250, within: 120_000 },
  );
  assert.ok(performance.now() - began > 10_000, "it had time to come back");
  assert.ok(!isAlive(first));
  const url = second.status?.listeners.find(({ name }) => name === "graphql")?.url ?? "";
  assert.equal((await ask(`${url}/graphql`, "{ products(first: 1) { name } }")).status, 200);
});

test("a killed orchestrator leaves the gateway serving; the next one adopts it and reloads nothing", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using reviews = await example("reviews");
  const options = {
    stateDir: folder.path,
    services: { products: products.graphql, reviews: reviews.graphql },
  };
  await using first = await runNode(options);
  const url = first.graphql;
  const before = await gateway(first);
  await first.kill();
  assert.equal((await ask(url, query)).errors, undefined, "it serves on");

  const second = await runNode(options);
  const after = await gateway(second);
  assert.equal(after.status?.pid, before.status?.pid, "the same process");
  assert.equal(second.graphql, url);
  assert.deepEqual(after.status?.sections, before.status?.sections, "no section was applied again");
  assert.equal(after.status?.counters["sectionsApplied"], before.status?.counters["sectionsApplied"]);
  assert.equal((await ask(url, query)).errors, undefined);

  assert.equal(await second.stop(), 0);
  assert.ok(!isAlive(before.status?.pid ?? 0), "a clean stop ends an adopted gateway too");
});

test("an orchestrator that restarts while its services are down keeps serving what it knew", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  const options = { stateDir: folder.path, services: { products: products.graphql } };
  const first = await runNode(options);
  const before = await gateway(first);
  await first.kill();
  await products.kill();
  await using second = await runNode(options);
  assert.deepEqual((await gateway(second)).status?.sections, before.status?.sections);
  const { data, errors } = await ask(second.graphql, "{ __typename products(first: 1) { id } }");
  assert.equal(data === null || typeof data === "object", true);
  assert.equal(errors?.[0]?.extensions?.["code"], "SERVICE_UNAVAILABLE");
});

test("the last service removed means the empty set is pushed", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  const first = await runNode({ stateDir: folder.path, services: { products: products.graphql } });
  const { status } = await gateway(first);
  await first.kill();
  await using second = await runNode({ stateDir: folder.path });
  assert.equal(await gatewayPid(second), status?.pid);
  assert.deepEqual(await ask(second.graphql, "{ _catalyst }"), { status: 200, data: { _catalyst: null } });
  const gone = await ask(second.graphql, "{ products { id } }");
  assert.match(gone.errors?.[0]?.message ?? "", /products/);
});

test("a second orchestrator on the same state folder is refused while the first lives", async () => {
  await using folder = await temporaryFolder();
  await using first = await runNode({ stateDir: folder.path });
  await assert.rejects(runNode({ stateDir: folder.path }), /CAT-STATE-\d+/);
  const { code } = await catalyst(["status", "--api", first.url("api")]);
  assert.equal(code, 0, "the first was not disturbed");
});

test("a clean stop ends the gateway, its planner and every socket", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  const node = await runNode({ stateDir: folder.path, services: { products: products.graphql } });
  const pid = await gatewayPid(node);
  await ask(node.graphql, "{ products { id } }");
  const url = node.graphql;
  assert.equal(await node.stop(), 0);
  assert.ok(!isAlive(pid));
  await assert.rejects(fetch(url));
});

test("a subscription at a service that is configured to speak WebSocket is completed by the others", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using reviews = await example("reviews");
  const services = { products: products.graphql, reviews: `${reviews.graphql},subscriptions.protocol=ws` };
  await using node = await runNode({ stateDir: folder.path, services });
  const response = await fetch(node.graphql, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: "subscription { reviewAdded { body product { name } } }" }),
    signal: AbortSignal.timeout(60_000),
  });
  const add = `mutation { addReview(productId: "1", rating: 5, body: "Heard.") { id } }`;
  // Whoever does not listen yet misses what is told.
  const telling = setInterval(() => void ask(node.graphql, add).catch(() => undefined), 500);
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes("data: {")) break;
  }
  clearInterval(telling);
  assert.match(text, /"reviewAdded":\{"body":"Heard\.","product":\{"name":"[^"]+"\}\}/);
});
