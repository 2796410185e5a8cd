/** Minimal cases of what tests/oracle found wrong once, where one service's object stands beside another one's null. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { errorLines, type GraphSource, TestGraph } from "./testing/graph.ts";
import type { Row } from "./testing/subgraph.ts";

const key = (row: Row): Row => row;
const e = (id: string): Row => ({ __typename: "E", id });

function broken(): never {
  throw new Error("it broke");
}

test("an object whose type's name fell with a field of it tells that field's error", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { e: E @shareable } type E @key(fields: "id") { id: ID! must: Int! }`,
      b: `type Query { e: E @shareable } type E @key(fields: "id") { id: ID! other: E more: Int }`,
    },
    resolvers: { "Query.e": () => e("1"), "E.must": broken, "E.other": () => e("2") },
    entities: { E: key },
  }));
  for (const query of ["{ e { must __typename other { more } } }", "{ e { other { more } __typename must } }"]) {
    const answer = await graph.assertSame(query);
    assert.deepEqual(errorLines(answer), ["e.must: it broke"]);
  }
});

test("what could not be asked for because the key fell is no service's fault", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { e: E @shareable } type E @key(fields: "id") { id: ID! must: Int! }`,
      b: `type E @key(fields: "id") { id: ID! third: Int }`,
      c: `type Query { e: E @shareable } type E @key(fields: "id") { id: ID! other: Int }`,
    },
    resolvers: { "Query.e": () => e("1"), "E.must": broken },
    entities: { E: key },
  }));
  const answer = await graph.assertSame("{ e { third must other } }");
  assert.deepEqual(errorLines(answer), ["e.must: it broke"]);
});

test("an element of an interface whose type fell with a field of it tells that field's error", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { ms: [M] @shareable } interface M @key(fields: "id") { id: ID! sizes: [Int!]! }
        type Book implements M @key(fields: "id") { id: ID! sizes: [Int!]! }`,
      b: `type Query { ms: [M] @shareable } type M @key(fields: "id") @interfaceObject { id: ID! price: Int }`,
    },
    resolvers: {
      "Query.ms": () => ["1", "2"].map((id) => ({ __typename: "Book", id })),
      "Book.sizes": ({ id }) => (id === "1" ? [1] : [1, null]),
      "Book.price": () => 7,
      "M.price": () => 7,
    },
    own: { b: { "Query.ms": () => ["1", "2"].map((id) => ({ __typename: "M", id })) } },
    entities: { M: ({ id }) => ({ __typename: "Book", id }), Book: key },
  }));
  for (const query of ["{ ms { sizes price } }", "{ ms { price sizes } }"]) {
    const answer = await graph.assertSame(query);
    assert.deepEqual(errorLines(answer), ["ms.1.sizes.1: Cannot return null for non-nullable field Book.sizes."]);
  }
});

test("objects that several askers have a copy of tell why they are not whole, however deep it lies", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { es: [E] } type E @key(fields: "id") { id: ID! }`,
      b: `type E @key(fields: "id") { id: ID! inner: [E] @shareable must: Int! deep: E @shareable link: E }`,
      c: `type E @key(fields: "id") { id: ID! inner: [E] @shareable other: Int deep: E @shareable more: Int }`,
    },
    resolvers: {
      "Query.es": () => [e("1"), e("1")],
      "E.inner": () => [e("2"), e("3")],
      "E.deep": () => e("2"),
      "E.link": () => e("2"),
      "E.must": ({ id }) => (id === "2" ? broken() : 7),
      "E.other": () => 5,
      "E.more": () => 6,
    },
    entities: { E: key },
  }));
  await graph.assertSame("{ es { inner { other must } } }");
  await graph.assertSame("{ es { inner { must other } } }");
  await graph.assertSame("{ es { deep { deep { deep { more link { must } } } must } } }");
  await graph.assertSame("{ es { deep { must deep { deep { link { must } more } } } } }");
});

test("an error of a field that only the plan asked for is not told beside one that explains as much", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type E @key(fields: "id") { id: ID! size: Int @external made: String @requires(fields: "size") }`,
      b: `type Query { es: [E!] } type E @key(fields: "id") { id: ID! size: Int }`,
    },
    resolvers: { "Query.es": () => [e("1"), null], "E.size": broken, "E.made": () => "made" },
    entities: { E: key },
  }));
  const answer = await graph.answer("{ es { made } }");
  assert.deepEqual(answer.data, { es: null });
  assert.deepEqual(errorLines(answer), ["es.1: Cannot return null for non-nullable field Query.es."]);
});
