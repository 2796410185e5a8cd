import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, nodeFlags } from "../support/node.ts";
import { Running, catalyst } from "../support/process.ts";

test("a node started only by flags and one only by a file have one configuration and give the same answers", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using inventory = await example("inventory");
  const stateDir = join(folder.path, "state");
  const flags = nodeFlags({
    stateDir,
    services: { products: products.graphql, inventory: inventory.graphql },
    flags: ["--set", "services[products].export=true", "--set", "services[inventory].schema.timeout=2s"],
  });
  const file = join(folder.path, "catalyst.json");
  await writeFile(
    file,
    JSON.stringify({
      organization: "acme",
      node: "west",
      stateDir,
      api: { listen: "127.0.0.1:0" },
      gateway: { listen: "127.0.0.1:0" },
      services: [
        { name: "products", url: products.graphql, export: true },
        { name: "inventory", url: inventory.graphql, schema: { timeout: "2s" } },
      ],
    }),
  );

  const byFlags = await catalyst(["config", "print", ...flags]);
  const byFile = await catalyst(["config", "print", "-c", file]);
  assert.equal(byFlags.code, 0, byFlags.stderr);
  assert.match(byFlags.stdout, /products/);
  assert.equal(byFile.stdout, byFlags.stdout);

  const query = `{ products { id name price } stock(productId: "1") { quantity inStock } }`;
  const answers = [];
  for (const args of [flags, ["-c", file]]) {
    await using node = await Running.catalyst(["run", ...args]);
    answers.push(await ask(node.graphql, query));
  }
  assert.equal(answers[0]?.errors, undefined);
  assert.deepEqual(answers[1], answers[0]);
});
