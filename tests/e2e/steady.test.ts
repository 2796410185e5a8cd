import assert from "node:assert/strict";
import { test } from "node:test";
import { adminOf } from "../support/admin.ts";
import { changingService } from "../support/changing-service.ts";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, gatewayOf, runNode } from "../support/node.ts";
import { eventually, isAlive } from "../support/process.ts";
import { type Question, SteadyClient } from "../support/steady-client.ts";

const deadline = { timeout: 110_000 };
const rate = 200;
const reloads = 100;

const bodyOf = (query: string): string => JSON.stringify({ query });
const federated = bodyOf("{ products(first: 2) { name price averageRating } }");
const mutation = bodyOf(
  `mutation { addReview(productId: "9", rating: 3, body: "Steady.") { rating product { name } } }`,
);
const expected = {
  query: `{"data":{"products":[{"name":"Enamel Mug","price":1450,"averageRating":4.5},{"name":"Field Notebook","price":990,"averageRating":5}]}}`,
  mutation: `{"data":{"addReview":{"rating":3,"product":{"name":"Rain Cape"}}}}`,
};

/** Every tenth is a mutation; each over two services. */
function next(number: number): Question {
  const kind = number % 10 === 0 ? "mutation" : "query";
  return {
    kind,
    body: kind === "query" ? federated : mutation,
    isAnswer: (status, text) => status === 200 && text.trim() === expected[kind],
  };
}

/** Fails with each failed request in words. */
function assertNoneFailed({ answered, failed, failures }: SteadyClient): void {
  assert.equal(failed, 0, `${failed} of ${answered + failed} failed:\n${failures.join("\n")}`);
}

test(`a client at ${rate} requests a second sees none fail through ${reloads} reloads`, deadline, async (t) => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using reviews = await example("reviews");
  await using changing = await changingService();
  const services = { products: products.graphql, reviews: reviews.graphql, changing: changing.url };
  await using node = await runNode({ stateDir: folder.path, services, flags: ["--log-level", "warn"] });
  using admin = await adminOf(folder.path);
  await using client = new SteadyClient(node.graphql, { rate, next });
  const began = performance.now();
  for (let reload = 1; reload <= reloads; reload += 1) {
    const version = changing.change();
    await admin.refresh();
    await eventually(
      () => ask(node.graphql, `{ version_${version} }`),
      ({ data, errors }) => errors === undefined && Object(data)[`version_${version}`] === version,
      { every: 10 },
    );
  }
  await client.stop();
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  t.diagnostic(`${reloads} reloads in ${seconds} s, ${client.answered} answered, ${client.failed} failed`);
  assert.ok(client.answered >= rate * 2, "it was long enough to tell");
  assertNoneFailed(client);
});

test("a client sees none fail while each of two workers is asked to end, and is replaced", deadline, async (t) => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using reviews = await example("reviews");
  const services = { products: products.graphql, reviews: reviews.graphql };
  const flags = ["--log-level", "warn", "--gateway-workers", "2"];
  await using node = await runNode({ stateDir: folder.path, services, flags });
  const workers = async (): Promise<readonly WorkerItem[]> =>
    ((await gatewayOf(node)) as { readonly status: { readonly workers: readonly WorkerItem[] } }).status.workers;
  const before = await workers();
  await using client = new SteadyClient(node.graphql, { rate, next });
  for (const { number, pid } of before) {
    process.kill(pid, "SIGTERM");
    await eventually(
      async () => isAlive(pid),
      (alive) => !alive,
    );
    const { state, restarts } = (await workers())[number - 1] ?? assert.fail("no such worker");
    assert.deepEqual([state, restarts], ["serving", 1]);
  }
  await client.stop();
  t.diagnostic(`${client.answered} answered, ${client.failed} failed, the slowest in ${Math.round(client.slowest)} ms`);
  assertNoneFailed(client);
});

type WorkerItem = { readonly number: number; readonly pid: number; readonly state: string; readonly restarts: number };
