import assert from "node:assert/strict";
import { test } from "node:test";
import { executeOperation, type ServicePort } from "./index.ts";
import { errorCodes, errorLines, type Interference, type Interferences, TestGraph } from "./testing/graph.ts";
import { shop } from "./testing/shop.ts";
import type { Row } from "./testing/subgraph.ts";

const graph = new TestGraph(shop);

const down: Interference = () => ({ kind: "failed", code: "SERVICE_UNAVAILABLE", message: "down" });

/** Lets the service answer, and changes it. */
const changed =
  (change: (data: Row, payload: Row) => void): Interference =>
  async (_, real) => {
    const answer = await real();
    assert.ok(answer.kind === "answered");
    const payload = Object(answer.payload);
    change(payload.data, payload);
    return answer;
  };

type Case = {
  readonly query: string;
  readonly interferences: Interferences;
  readonly data: unknown;
  readonly errors: readonly string[];
  readonly codes?: readonly string[];
};

const cases: Readonly<Record<string, Case>> = {
  "a service that is down leaves the others' fields standing": {
    query: `{ p: product(id: "p1") { name r: rating reviews { id } } stock(productId: "p1") { quantity } }`,
    interferences: { reviews: down },
    data: { p: { name: "Table", r: null, reviews: null }, stock: { quantity: 3 } },
    errors: ["p.r: down", "p.reviews: down"],
    codes: ["reviews SERVICE_UNAVAILABLE"],
  },
  "a root fetch that fails is told for each of its fields": {
    query: `{ a: product(id: "p1") { name } b: media { id } stock(productId: "p1") { quantity } }`,
    interferences: { products: down },
    data: { a: null, b: null, stock: { quantity: 3 } },
    errors: ["a: down", "b: down"],
  },
  "a failure under a non-null field takes its parents along": {
    query: `{ stock(productId: "p1") { quantity } reviews { id product { id strict } } }`,
    interferences: { products: down },
    data: null,
    errors: ["reviews.0.product.strict: down"],
  },
  "a failure of all entities reaches each place, also in lists of lists": {
    query: `{ shelves { id rating } }`,
    interferences: { reviews: down },
    data: {
      shelves: [
        [{ id: "p1", rating: null }, null],
        [],
        null,
        [
          { id: "p3", rating: null },
          { id: "p1", rating: null },
        ],
      ],
    },
    errors: ["shelves.0.0.rating: down", "shelves.3.0.rating: down", "shelves.3.1.rating: down"],
  },
  "a required value that failed is the reason for what required it": {
    query: `{ product(id: "p1") { name shipping } }`,
    interferences: {
      products: changed((data, payload) => {
        const product = Object(data["product"]);
        const key = Object.keys(product).find(
          (name) => name !== "__typename" && name !== "id" && name !== "name" && name !== "price",
        );
        product[key ?? ""] = null;
        payload["errors"] = [{ message: "not weighed", path: ["product", key], extensions: { code: "HEAVY" } }];
      }),
    },
    data: { product: { name: "Table", shipping: null } },
    errors: ["product.shipping: not weighed"],
    codes: ["products HEAVY"],
  },
  "an entity that its service does not know is null where it may be": {
    query: `{ products(first: 2) { id rating } }`,
    interferences: { reviews: changed((data) => void (Object(data["_entities"])[1] = null)) },
    data: {
      products: [
        { id: "p1", rating: 2.5 },
        { id: "p2", rating: null },
      ],
    },
    errors: [],
  },
  "an entity that its service does not know is an error where it must not be null": {
    query: `{ product(id: "p1") { id pinned { id } } }`,
    interferences: { reviews: changed((data) => void (data["_entities"] = [null])) },
    data: { product: null },
    errors: ["product.pinned: Cannot return null for non-nullable field Product.pinned."],
    codes: ["undefined SERVICE_NULL"],
  },
  "a root fetch that brings nothing but an error of one field explains the others too": {
    query: `{ product(id: "p1") { name } shelves { id } }`,
    interferences: {
      products: () => ({
        kind: "answered",
        payload: { data: null, errors: [{ message: "no", path: ["shelves", 0, "id"] }] },
      }),
    },
    data: { product: null, shelves: null },
    errors: ["product: no", "shelves.0.id: no"],
  },
  "entities that come with nothing but an error are explained by it": {
    query: `{ product(id: "p1") { r: rating } }`,
    interferences: {
      reviews: () => ({ kind: "answered", payload: { data: null, errors: [{ message: "no", path: ["_entities"] }] } }),
    },
    data: { product: { r: null } },
    errors: ["product.r: no"],
  },
  "an error beside entities is told at the client's path of each": {
    query: `{ r: reviews { p: product { n: fragile } } }`,
    interferences: {
      products: changed((data, payload) => {
        const [key] = Object.keys(Object(data["_entities"])[0]);
        for (const entity of Object(data["_entities"])) entity[key ?? ""] = null;
        payload["errors"] = [
          { message: "first", path: ["_entities", 0, key], extensions: { code: "X", stacktrace: ["at secret"] } },
        ];
      }),
    },
    data: { r: [{ p: { n: null } }, { p: { n: null } }, { p: { n: null } }, { p: { n: null } }] },
    errors: ["r.0.p.n: first", "r.1.p.n: first"],
    codes: ["products X"],
  },
};

for (const [behaviour, { query, interferences, data, errors, codes: expected }] of Object.entries(cases)) {
  test(behaviour, async () => {
    const answer = await graph.answer(query, {}, interferences);
    assert.deepEqual(answer.data, data);
    assert.deepEqual(
      errorLines(answer).map((line) => (errors.includes(line) ? line : line.split(":")[0])),
      errors,
    );
    if (expected) assert.deepEqual(errorCodes(answer), expected);
  });
}

test("errors carry the place in the client's document", async () => {
  const answer = await graph.answer(`{\n  p: product(id: "p1") {\n    r: rating\n  }\n}`, {}, { reviews: down });
  assert.deepEqual(
    answer.errors?.map(({ locations, path }) => ({ locations, path })),
    [{ locations: [{ line: 3, column: 5 }], path: ["p", "r"] }],
  );
});

test("variables that do not fit are told before any service is asked", async () => {
  const answer = await graph.answer(`query ($id: ID!) { product(id: $id) { id } }`, { id: { a: 1 } });
  assert.ok(!("data" in answer));
  assert.match(answer.errors?.[0]?.message ?? "", /\$id/);
  assert.equal(graph.calls.length, 0);
});

test("once the request has ended no further service is asked, and what is there is answered", async () => {
  const abort = new AbortController();
  const interference: Interference = async (_, real) => {
    const answer = await real();
    abort.abort();
    return answer;
  };
  const answer = await graph.answer(
    `{ product(id: "p1") { name rating } }`,
    {},
    { products: interference },
    abort.signal,
  );
  assert.deepEqual(answer.data, { product: { name: "Table", rating: null } });
  assert.deepEqual(errorCodes(answer), ["reviews REQUEST_ABORTED"]);
  assert.deepEqual(
    graph.calls.map(({ service }) => service),
    ["products"],
  );
});

test("equal representations are sent once", async () => {
  await graph.answer(`{ reviews { product { name } } }`);
  const [, call] = graph.calls;
  assert.deepEqual(
    JSON.parse(call?.body ?? "").variables.representations,
    ["p1", "p2", "p3"].map((id) => ({ __typename: "Product", id })),
  );
});

test("headers are handed to the port", async () => {
  const seen: unknown[] = [];
  const send: ServicePort["send"] = async ({ headers }) => {
    seen.push(headers);
    return { kind: "answered", payload: { data: { reviews: [] } } };
  };
  const headers = { "x-request-id": "r" };
  const signal = new AbortController().signal;
  await executeOperation(graph.compile(`{ reviews { id } }`), { variables: {}, services: { send }, headers, signal });
  assert.deepEqual(seen, [headers]);
});
