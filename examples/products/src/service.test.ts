import assert from "node:assert/strict";
import { test } from "node:test";
import { graphql } from "graphql";
import { productsSchema } from "./service.ts";

async function ask(source: string): Promise<string> {
  return JSON.stringify(await graphql({ schema: productsSchema(), source }));
}

test("products lists the first ones, in the shop's order", async () => {
  assert.equal(
    await ask("{ products(first: 2) { id name price } }"),
    '{"data":{"products":[{"id":"1","name":"Enamel Mug","price":1450},{"id":"2","name":"Field Notebook","price":990}]}}',
  );
});

test("without first all products are listed", async () => {
  assert.equal((await ask("{ products { id } }")).match(/"id"/g)?.length, 10);
});

for (const first of [0, -1, 101]) {
  test(`first: ${first} is refused as bad input`, async () => {
    assert.match(await ask(`{ products(first: ${first}) { id } }`), /"code":"BAD_USER_INPUT"/);
  });
}

test("a product that does not exist is null, by id and by entity", async () => {
  const query = `{ product(id: "99") { id } _entities(representations: [{ __typename: "Product", id: "99" }]) { __typename } }`;
  assert.equal(await ask(query), '{"data":{"product":null,"_entities":[null]}}');
});
