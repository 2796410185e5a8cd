import assert from "node:assert/strict";
import { test } from "node:test";
import { temporaryFolder } from "../support/folder.ts";
import { example, runNode } from "../support/node.ts";
import { eventually } from "../support/process.ts";
import { SteadyClient } from "../support/steady-client.ts";

const body = JSON.stringify({ query: "{ products(first: 2) { name averageRating } }" });
const expected = `{"data":{"products":[{"name":"Enamel Mug","averageRating":4.5},{"name":"Field Notebook","averageRating":5}]}}`;

test("no query of 200 a second fails while each service is killed with -9, and started again", async (t) => {
  await using folder = await temporaryFolder();
  await using stack = new AsyncDisposableStack();
  const [products, reviews] = [stack.use(await example("products")), stack.use(await example("reviews"))];
  // A busy machine may take longer than 2 s to start a service; how long is waited is not what this is about.
  const patient = ["--gateway-upstream-connect-timeout=10s", "--gateway-upstream-try-timeout=20s"];
  await using node = await runNode({
    stateDir: folder.path,
    services: { products: products.graphql, reviews: reviews.graphql },
    flags: [...patient, "--gateway-limits-request-timeout=30s", "--gateway-limits-max-loop-delay=off"],
  });
  const isAnswer = (status: number, text: string) => status === 200 && text.trim() === expected;
  await using client = new SteadyClient(node.graphql, { rate: 200, next: () => ({ kind: "query", body, isAnswer }) });
  const answered = async (more: number): Promise<void> => {
    const enough = client.answered + client.failed + more;
    await eventually(
      async () => client.answered + client.failed,
      (count) => count >= enough,
    );
  };
  for (const [name, running] of [
    ["products", products],
    ["reviews", reviews],
  ] as const) {
    await answered(100);
    const { host } = new URL(running.graphql);
    await running.kill();
    stack.use(await example(name, host));
    await answered(100);
  }
  await client.stop();
  t.diagnostic(`${client.answered} answered, the slowest in ${Math.round(client.slowest)} ms`);
  assert.equal(client.failed, 0, client.failures.join("\n"));
});
