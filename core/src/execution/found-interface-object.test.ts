/** Minimal cases of what tests/oracle found wrong once, around `@interfaceObject`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { errorLines, type GraphSource, TestGraph } from "./testing/graph.ts";
import type { Row } from "./testing/subgraph.ts";

const key = (row: Row): Row => row;

const media = (): GraphSource => ({
  services: {
    a: `interface Media @key(fields: "id") { id: ID! size: Int! next: Book }
      type Book implements Media @key(fields: "id") { id: ID! size: Int! next: Book code: Int! }
      type Film implements Media @key(fields: "id") { id: ID! size: Int! next: Book }`,
    b: `type Query { media: [Media] } type Media @key(fields: "id") @interfaceObject { id: ID! price: Int rank: Int! other: Media }`,
  },
  resolvers: {
    "Query.media": () => ["1", "2"].map((id) => ({ __typename: id === "1" ? "Book" : "Film", id })),
    ...Object.fromEntries(
      ["Media", "Book", "Film"].flatMap((type) => [
        [`${type}.price`, ({ id }: Row) => Number(id)],
        [`${type}.rank`, ({ id }: Row) => failing(id, "2")],
        [`${type}.size`, ({ id }: Row) => failing(id, "1")],
        [`${type}.code`, ({ id }: Row) => failing(id, "1")],
        [`${type}.next`, () => ({ __typename: "Book", id: "1" })],
        [`${type}.other`, () => ({ __typename: "Book", id: "1" })],
      ]),
    ),
  },
  own: { b: { "Query.media": () => ["1", "2"].map((id) => ({ __typename: "Media", id })) } },
  entities: { Media: ({ id }) => ({ __typename: id === "1" ? "Book" : "Film", id }), Book: key, Film: key },
});

function failing(id: unknown, failed: string): number {
  if (id === failed) throw new Error("it broke");
  return 7;
}

test("beside a field of an @interfaceObject, what fails in other types' objects is not asked of them", async () => {
  const graph = new TestGraph(media);
  await graph.assertSame("{ media { ... on Book { price } ... on Film { size } } }");
  await graph.assertSame("{ media { ... on Book { rank } ... on Film { price } } }");
  await graph.assertSame("{ media { next { id } ... on Film { price } ... on Book { id } } }");
});

test("what only one type's objects are asked of a shared field is not asked of the others' too", async () => {
  const graph = new TestGraph(media);
  const { data } = await graph.answer("{ media { ... on Book { id next { id } } ... on Film { next { id code } } } }");
  assert.deepEqual(data, { media: [{ id: "1", next: { id: "1" } }, { next: null }] });
});

test("a field under the same condition as a fragment before it keeps its condition", async () => {
  const graph = new TestGraph(media);
  const query = "query ($no: Boolean!) { media { ... on Film @skip(if: $no) { __typename } rank @skip(if: $no) } }";
  await graph.assertSame(query, { no: true });
});

test("fields of an @interfaceObject that fragments on two types ask for reach the right one", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { media: [Media] } type Media @key(fields: "id") @interfaceObject { id: ID! price(of: Int): Int }`,
      b: `interface Media @key(fields: "id") { id: ID! name: String }
        type Book implements Media @key(fields: "id") { id: ID! name: String pages: Int }
        type Film implements Media @key(fields: "id") { id: ID! name: String } union Readable = Book`,
    },
    resolvers: {
      "Query.media": () => ["1", "2"].map((id) => ({ __typename: id === "1" ? "Book" : "Film", id })),
      "Media.price": ({ id }, { of }) => Number(id) * Number(of),
      "Book.price": ({ id }, { of }) => Number(id) * Number(of),
      "Book.name": ({ id }) => `book ${JSON.stringify(id)}`,
      "Film.name": ({ id }) => `film ${JSON.stringify(id)}`,
    },
    entities: {
      Media: ({ id }) => ({ __typename: id === "1" ? "Book" : "Film" }),
      Book: key,
      Film: key,
    },
  }));
  await graph.assertSame("{ media { ... on Book { price(of: 5) } ... on Film { name } } }");
  await graph.assertSame(
    "query ($no: Boolean!) { media { ...Books @skip(if: $no) ... on Film { name } } } fragment Books on Book { x: price(of: 2) }",
    { no: false },
  );
  await graph.assertSame(
    "query ($no: Boolean!) { media { ... on Readable { ...Books @skip(if: $no) } ... on Film { __typename } } } fragment Books on Book { ... @include(if: true) { x: price(of: 2) } }",
    { no: false },
  );
});

test("what several occurrences of a field ask of an @interfaceObject's types is looked at together", async () => {
  const graph = new TestGraph(media);
  await graph.assertSame("{ media { ... on Film { again: id } } media { ... on Book { __typename } } }");
  await graph.assertSame("{ media { ... on Film { price } } media { ... on Book { other { id } } } }");
});

test("beside a fragment on the interface itself, one type's objects are asked all the same", async () => {
  const graph = new TestGraph(media);
  const query = `query ($a: Boolean!, $b: Boolean!) { media { ...F @skip(if: $a) } }
    fragment F on Media { id @skip(if: $b) ... on Book { other { id } } }`;
  await graph.assertSame(query, { a: false, b: false });
});

test("below a null, no error is told of a field that only another type's objects are asked for", async () => {
  const all = (): readonly unknown[] => [{ __typename: "Film", id: "1" }, new Error("it broke")];
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { media: Book } interface Media @key(fields: "id") { id: ID! }
        type Book implements Media @key(fields: "id") { id: ID! } type Film implements Media @key(fields: "id") { id: ID! }`,
      b: `type Media @key(fields: "id") @interfaceObject { id: ID! all: [Media!] }`,
      c: `type Media @key(fields: "id") @interfaceObject { id: ID! code: Int }`,
    },
    resolvers: { "Query.media": () => ({ __typename: "Book", id: "2" }), "Book.all": all, "Film.all": all },
    own: { b: { "Media.all": () => [{ __typename: "Media", id: "1" }, new Error("it broke")] } },
    entities: { Media: key, Book: key, Film: key },
  }));
  const answer = await graph.assertSame("{ media { all { ... on Book { all { code } } ... on Film { code } } } }");
  assert.deepEqual(errorLines(answer), ["media.all.1: it broke"]);
});

test("an object's type, once known, is not overwritten by the name that an @interfaceObject service has for it", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      b: `type Query { media: Media } type Media @key(fields: "id") @interfaceObject { id: ID! }`,
      c: `interface Media @key(fields: "id") { id: ID! price: Int } type Book implements Media @key(fields: "id") { id: ID! price: Int }`,
    },
    resolvers: { "Query.media": () => ({ __typename: "Book", id: "1" }), "Book.price": () => 5 },
    entities: { Media: () => ({ __typename: "Book" }), Book: key },
  }));
  await graph.assertSame("{ media { ... on Book { price } } }");
});

test("when the type behind an @interfaceObject cannot be learned, the reason is told", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      b: `type Query { media: Media } type Media @key(fields: "id") @interfaceObject { id: ID! }`,
      c: `interface Media @key(fields: "id") { id: ID! price: Int! } type Book implements Media @key(fields: "id") { id: ID! price: Int! }`,
    },
    resolvers: {
      "Query.media": () => ({ __typename: "Book", id: "1" }),
      "Book.price": () => {
        throw new Error("no price");
      },
    },
    entities: { Media: () => ({ __typename: "Book" }), Book: key },
  }));
  const answer = await graph.assertSame("{ media { price } }");
  assert.deepEqual(errorLines(answer), ["media.price: no price"]);
});

test("of a root field that is shared, the type is told by the service that knows it", async () => {
  const graph = new TestGraph((): GraphSource => ({
    services: {
      a: `type Query { media: [Media] @shareable } interface Media @key(fields: "id") { id: ID! name: String }
        type Book implements Media @key(fields: "id") { id: ID! name: String pages: Int }`,
      b: `type Query { media: [Media] @shareable } type Media @key(fields: "id") @interfaceObject { id: ID! price: Int }`,
    },
    resolvers: {
      "Query.media": () => [{ __typename: "Book", id: "1", name: "n", pages: 7, price: 5 }],
    },
    own: { b: { "Query.media": () => [{ __typename: "Media", id: "1", price: 5 }] } },
    entities: { Media: () => ({ __typename: "Book" }), Book: key },
  }));
  await graph.assertSame("{ media { price ... on Book { pages } } }");
  await graph.assertSame("{ media { name price } }");
});

test("a field under two conditions of one kind is asked of every type's objects", async () => {
  const graph = new TestGraph(media);
  const query = "query ($a: Boolean!, $b: Boolean!) { media { ... @skip(if: $a) { other @skip(if: $b) { id } } } }";
  for (const [a, b] of [
    [false, false],
    [true, false],
    [false, true],
  ])
    await graph.assertSame(query, { a, b });
});
