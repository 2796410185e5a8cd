import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import { errorCodes, errorLines, type Interference, TestGraph } from "./testing/graph.ts";
import { shop } from "./testing/shop.ts";

const graph = new TestGraph(shop);
const bad = "The service did not answer as its schema promises.";

const says =
  (payload: unknown): Interference =>
  () => ({ kind: "answered", payload: structuredClone(payload) });

for (const [name, payload] of Object.entries({
  "no object": [1],
  "a string": "x",
  null: null,
  "an empty object": {},
  "data that is a list": { data: [] },
  "data that is a string": { data: "x" },
  "errors that are no list": { data: {}, errors: "x" },
  "null data without errors": { data: null },
})) {
  test(`a response that is ${name} is a coded error of its fields`, async () => {
    const answer = await graph.answer(
      `{ product(id: "p1") { name } stock(productId: "p1") { quantity } }`,
      {},
      { products: says(payload) },
    );
    assert.deepEqual(answer.data, { product: null, stock: { quantity: 3 } });
    assert.deepEqual(errorLines(answer), [`product: ${bad}`]);
    assert.deepEqual(errorCodes(answer), ["products SERVICE_BAD_RESPONSE"]);
  });
}

for (const [name, entities] of Object.entries({
  "too short": [],
  "too long": [null, null, null],
  "no list": "x",
  null: null,
  absent: undefined,
  "of scalars": ["x"],
  "of lists": [[]],
  "of another type": [{ __typename: "User", rating: 5 }],
  "of a type that does not exist": [{ __typename: "__proto__", rating: 5 }],
  "of a type that is a number": [{ __typename: 1, rating: 5 }],
})) {
  test(`_entities ${name} are a coded error of the entities' fields`, async () => {
    const answer = await graph.answer(
      `{ product(id: "p1") { name rating } }`,
      {},
      { reviews: says({ data: { _entities: entities } }) },
    );
    assert.deepEqual(answer.data, { product: { name: "Table", rating: null } });
    assert.deepEqual(errorLines(answer), [`product.rating: ${bad}`]);
    assert.deepEqual(errorCodes(answer), ["reviews SERVICE_BAD_RESPONSE"]);
  });
}

for (const [name, product, nulls] of [
  ["a number for a String", { id: "p1", name: 5 }, true],
  ["a list for a String", { id: "p1", name: ["x"] }, true],
  ["an object for a String", { id: "p1", name: { a: 1 } }, true],
  ["a string for an Int", { id: "p1", name: "n", price: "1" }, true],
  ["a fraction for an Int", { id: "p1", name: "n", price: 1.5 }, true],
  ["an Int out of range", { id: "p1", name: "n", price: 2_147_483_648 }, true],
  ["an Int at the end of its range", { id: "p1", name: "n", price: -2_147_483_648 }, false],
  ["an enum value that is not declared", { id: "p1", name: "n", kind: "SECRET" }, false],
  ["a scalar for an object", "x", true],
  ["a list for an object", [{ id: "p1" }], true],
  ["another type for an object", { __typename: "Brand", id: "p1", name: "n" }, true],
] as const) {
  test(`a service that answers ${name} is refused: no kind is smuggled in`, async () => {
    const query = `{ product(id: "p1") { id name ${JSON.stringify(product).includes("price") ? "price" : ""} ${JSON.stringify(product).includes("kind") ? "kind" : ""} } }`;
    const answer = await graph.answer(query, {}, { products: says({ data: { product } }) });
    if (nulls) assert.deepEqual(answer.data, { product: null });
    else assert.ok(answer.data?.["product"]);
    const expected = name.endsWith("end of its range") ? [] : ["undefined SERVICE_BAD_RESPONSE"];
    assert.deepEqual(errorCodes(answer), expected);
  });
}

for (const typename of ["User", "Nope", "Result", "__proto__", "constructor", 5, null, undefined]) {
  test(`a union's value of the type ${String(typename)} is refused`, async () => {
    const answer = await graph.answer(
      `{ search { __typename ... on Brand { id } } }`,
      {},
      { products: says({ data: { search: [{ __typename: typename, id: "1" }] } }) },
    );
    assert.deepEqual(answer.data, { search: null });
    assert.match(
      errorLines(answer).join(),
      /^search.0: A service answered a value for the field Query.search that is no Result/,
    );
  });
}

test("a field that its service leaves out is an error, not a silent null", async () => {
  const answer = await graph.answer(
    `{ product(id: "p1") { id fragile } }`,
    {},
    { products: says({ data: { product: { id: "p1" } } }) },
  );
  assert.deepEqual(answer.data, { product: { id: "p1", fragile: null } });
  assert.deepEqual(errorLines(answer), ["product.fragile: No service answered the field Product.fragile."]);
});

test("keys that were not planned go nowhere, __proto__ least of all", async () => {
  const payload: unknown = JSON.parse(
    `{"data":{"__proto__":{"polluted":1},"product":{"__proto__":{"polluted":1},"constructor":{"x":1},"id":"p1","extra":{"__proto__":{"polluted":1}},"price":3}}}`,
  );
  const interference: Interference = () => ({ kind: "answered", payload });
  const answer = await graph.answer(`{ product(id: "p1") { id extra } }`, {}, { products: interference });
  assert.equal(JSON.stringify(answer.data), `{"product":{"id":"p1","extra":{"__proto__":{"polluted":1}}}}`);
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

test("a custom scalar nested deeper than anything can read is refused", async () => {
  const payload: unknown = JSON.parse(
    `{"data":{"product":{"id":"p1","extra":${"[".repeat(50_000)}${"]".repeat(50_000)}}}}`,
  );
  const answer = await graph.answer(
    `{ product(id: "p1") { id extra } }`,
    {},
    { products: () => ({ kind: "answered", payload }) },
  );
  assert.deepEqual(answer.data, { product: { id: "p1", extra: null } });
});

test("lists nested deeper than the stack reaches are an error of their fields alone", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const payload: unknown = JSON.parse(`{"data":{"shelves":${deep},"product":{"__typename":"Product","id":${deep}}}}`);
  const products: Interference = () => ({ kind: "answered", payload });
  const answer = await graph.answer(
    `{ shelves { rating } product(id: "p1") { rating } stock(productId: "p1") { quantity } }`,
    {},
    { products },
  );
  assert.deepEqual(answer.data?.["stock"], { quantity: 3 });
  assert.deepEqual(answer.data["product"], { rating: null });
  assert.deepEqual(errorCodes(answer), ["undefined SERVICE_BAD_RESPONSE"]);
});

test("a service's message loses stack lines, addresses and excess; its other extensions are dropped", async () => {
  const message = `cannot reach http://10.0.0.1:4001/graphql (connect 10.0.0.1:4001 or localhost:4002)\n    at Object.<anonymous> (/srv/app.js:1:1)`;
  const errors = [
    { message, path: ["product"], extensions: { code: "E", stacktrace: ["x"], url: "http://10.0.0.1" } },
    { message: "x".repeat(5_000), path: ["product"] },
    "nonsense",
  ];
  const answer = await graph.answer(
    `{ product(id: "p1") { name } }`,
    {},
    { products: says({ data: { product: null }, errors, extensions: { secret: 1 } }) },
  );
  assert.doesNotMatch(JSON.stringify(answer), /10\.0\.0\.1|app\.js|stack|secret/);
  const [first, second, third] = answer.errors ?? [];
  assert.equal(first?.message, "cannot reach [URL] (connect [address] or [address])");
  assert.deepEqual(first.extensions, { code: "E", service: "products" });
  assert.equal(second?.message.length, 1_001);
  assert.deepEqual([third?.path, third?.extensions["code"]], [undefined, "SERVICE_ERROR"]);
});

test("no message that a service can think of keeps us looking at it", async () => {
  const messages = ["a.".repeat(1_000_000), "\n".repeat(1_000_000), `x\n${" ".repeat(1_000_000)}`];
  const errors = Array.from({ length: 900 }, (_, index) => ({ message: messages[index % 3], path: ["product"] }));
  const started = performance.now();
  const answer = await graph.answerOnce(`{ product(id: "p1") { name } }`, {
    products: () => ({ kind: "answered", payload: { data: { product: null }, errors } }),
  });
  assert.equal(answer.errors?.length, 900);
  assert.ok(performance.now() - started < 3_000, "each pattern takes linear time");
});
