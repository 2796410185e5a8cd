import assert from "node:assert/strict";
import { test } from "node:test";
import { graphql, printSchema } from "graphql";
import { inventorySchema } from "./service.ts";

async function stock(productId: string): Promise<string> {
  const source = `{ stock(productId: "${productId}") { quantity inStock } }`;
  return JSON.stringify(await graphql({ schema: inventorySchema(), source }));
}

test("stock tells the quantity and whether there is any", async () => {
  assert.equal(await stock("1"), '{"data":{"stock":{"quantity":42,"inStock":true}}}');
  assert.equal(await stock("4"), '{"data":{"stock":{"quantity":0,"inStock":false}}}');
});

test("a product that was never held has no stock", async () => {
  assert.equal(await stock("toString"), '{"data":{"stock":null}}');
});

test("nothing of federation is in its schema", () => {
  assert.doesNotMatch(printSchema(inventorySchema()), /_service|_entities|@/);
});
