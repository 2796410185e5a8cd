import assert from "node:assert/strict";
import { test } from "node:test";
import { graphql, parse, subscribe } from "graphql";
import { reviewsSchema } from "./service.ts";
import { createReviewStore } from "./store.ts";

const product = (id: string, fields: string) =>
  `{ _entities(representations: [{ __typename: "Product", id: "${id}" }]) { ... on Product { ${fields} } } }`;

async function ask(source: string, schema = reviewsSchema()): Promise<string> {
  return JSON.stringify(await graphql({ schema, source }));
}

test("a product carries its reviews and their average", async () => {
  assert.equal(
    await ask(product("3", "averageRating reviews { id rating }")),
    '{"data":{"_entities":[{"averageRating":4,"reviews":[{"id":"4","rating":5},{"id":"5","rating":3}]}]}}',
  );
});

test("without a review there is no average", async () => {
  assert.equal(
    await ask(product("10", "averageRating reviews { id }")),
    '{"data":{"_entities":[{"averageRating":null,"reviews":[]}]}}',
  );
});

test("a review that is added is read back", async () => {
  const schema = reviewsSchema();
  await ask('mutation { addReview(productId: "10", rating: 4, body: "Starry.") { id } }', schema);
  assert.match(
    await ask(product("10", "reviews { id rating body }"), schema),
    /"id":"12","rating":4,"body":"Starry\."/,
  );
});

for (const [what, args] of [
  ["a rating of 0", 'productId: "1", rating: 0, body: "x"'],
  ["a rating of 6", 'productId: "1", rating: 6, body: "x"'],
  ["a body of blanks", 'productId: "1", rating: 5, body: "  "'],
  ["a body over 2,000 characters", `productId: "1", rating: 5, body: "${"x".repeat(2_001)}"`],
  ["an empty product id", 'productId: "", rating: 5, body: "x"'],
] as const) {
  test(`${what} is refused as bad input`, async () => {
    assert.match(await ask(`mutation { addReview(${args}) { id } }`), /"code":"BAD_USER_INPUT"/);
  });
}

test("the oldest reviews make room: the store never grows beyond its limit", () => {
  const store = createReviewStore(2);
  for (const rating of [1, 2, 3]) store.add({ productId: "p", rating, body: "x" });
  assert.deepEqual(
    store.of("p").map(({ rating }) => rating),
    [2, 3],
  );
});

test("whoever subscribes hears of a review that is added", { timeout: 30_000 }, async () => {
  const schema = reviewsSchema();
  const events = await subscribe({ schema, document: parse("subscription { reviewAdded { body } }") });
  assert.ok(Symbol.asyncIterator in events);
  await ask('mutation { addReview(productId: "1", rating: 5, body: "Heard.") { id } }', schema);
  assert.equal(JSON.stringify((await events.next()).value), '{"data":{"reviewAdded":{"body":"Heard."}}}');
  await events.return();
});
