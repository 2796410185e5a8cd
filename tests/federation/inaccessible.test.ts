import assert from "node:assert/strict";
import { test } from "node:test";
import { printSchema } from "graphql";
import { answers, graphOf, refusals, type Services } from "./example.ts";

const shop: Services = {
  services: {
    products: `
      type Query { products(kind: Kind, secretly: Boolean @inaccessible, by: By): [Result] product: Product internal: Int @inaccessible }
      input By { name: String cost: Int @inaccessible }
      enum Kind { NEW OLD LOST @inaccessible }
      union Result = Product | Draft
      type Product implements Named & Filed @key(fields: "code") { name: String kind: Kind code: ID! @inaccessible cost: Int @inaccessible draft: Draft @inaccessible }
      interface Named { name: String }
      interface Filed @inaccessible { name: String }
      type Draft @inaccessible { text: String }`,
    stock: `type Product @key(fields: "code") { code: ID! @inaccessible quantity: Int }`,
  },
  resolvers: {
    "Query.product": () => mug,
    "Query.products": () => [mug, { __typename: "Draft", text: "not yet" }, { ...mug, kind: "LOST" }],
  },
  entities: { Product: [{ code: "1", quantity: 3 }] },
};
const mug = { __typename: "Product", code: "1", name: "Mug", kind: "NEW", cost: 2 };

answers("@inaccessible: what clients cannot see still leads to other services", shop, {
  query: "{ product { name quantity } }",
  data: { product: { name: "Mug", quantity: 3 } },
  requests: { products: 1, stock: 1 },
});

answers("@inaccessible: hidden types and enum values that a service answers are errors, not answers", shop, {
  query: "{ products { ... on Product { name kind } } }",
  data: { products: [{ name: "Mug", kind: "NEW" }, null, { name: "Mug", kind: null }] },
  errors: [
    "products.1: A service answered a value for the field Query.products that is no Result.",
    "products.2.kind: A service answered a value for the field Product.kind that is no Kind.",
  ],
  requests: { products: 1 },
});

const hidden: Readonly<Record<string, readonly [query: string, refusal: string]>> = {
  "root field": ["{ internal }", `Cannot query field "internal" on type "Query".`],
  field: ["{ product { cost } }", `Cannot query field "cost" on type "Product".`],
  "key field": ["{ product { code } }", `Cannot query field "code" on type "Product".`],
  type: ["{ products { ... on Draft { text } } }", `Unknown type "Draft".`],
  "enum value": ["{ products(kind: LOST) { __typename } }", `Value "LOST" does not exist in "Kind" enum.`],
  argument: ["{ products(secretly: true) { __typename } }", `Unknown argument "secretly" on field "Query.products".`],
  "input field": ["{ products(by: { cost: 1 }) { __typename } }", `Field "cost" is not defined by type "By".`],
};

for (const [what, [query, refusal]] of Object.entries(hidden)) {
  test(`@inaccessible: a hidden ${what} is refused as one that does not exist`, () => {
    assert.deepEqual(refusals(shop, query), [refusal]);
  });
}

answers("@inaccessible: a variable cannot bring what is hidden either", shop, {
  query: "query ($by: By, $kind: Kind) { products(by: $by, kind: $kind) { __typename } }",
  variables: { by: { cost: 1 }, kind: "LOST" },
  data: undefined,
  errors: [
    `: Variable "$by" got invalid value { cost: 1 }; Field "cost" is not defined by type "By".`,
    `: Variable "$kind" got invalid value "LOST"; Value "LOST" does not exist in "Kind" enum.`,
  ],
  requests: {},
});

test("@inaccessible: introspection does not tell of it", () => {
  assert.doesNotMatch(printSchema(graphOf(shop).schema), /internal|cost|code|Draft|Filed|LOST|secretly/);
});
