import assert from "node:assert/strict";
import { test } from "node:test";
import { graphql } from "graphql";
import { subgraphSchema } from "./schema.ts";

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Query { book(id: ID!): Book }
type Book @key(fields: "id") { id: ID! title: String! }`;

const titles = new Map([["1", "Walden"]]);
const find = ({ id }: { readonly id: string }) => (titles.has(id) ? { id, title: titles.get(id) } : null);
const schema = subgraphSchema(
  sdl,
  { Query: { book: (_: unknown, key: { readonly id: string }) => find(key) } },
  { Book: find },
);

async function entities(representations: readonly unknown[]) {
  const source = "query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Book { title } } }";
  const result = await graphql({ schema, source, variableValues: { r: representations } });
  return JSON.parse(JSON.stringify(result)) as unknown;
}

test("the service tells its SDL exactly as it was written", async () => {
  const result = await graphql({ schema, source: "{ _service { sdl } }" });
  assert.equal(JSON.stringify(result.data), JSON.stringify({ _service: { sdl } }));
});

test("an unknown entity is null and the others are answered, in order", async () => {
  assert.deepEqual(
    await entities([
      { __typename: "Book", id: "2" },
      { __typename: "Book", id: "1" },
    ]),
    { data: { _entities: [null, { __typename: "Book", title: "Walden" }] } },
  );
});

test("a representation of a type without a key is an error at its place only", async () => {
  const answer = await entities([
    { __typename: "constructor", id: "1" },
    { __typename: "Book", id: "1" },
  ]);
  assert.deepEqual(answer, {
    data: { _entities: [null, { __typename: "Book", title: "Walden" }] },
    errors: [
      {
        message: '"constructor" is not an entity of this service.',
        locations: [{ line: 1, column: 24 }],
        path: ["_entities", 0],
      },
    ],
  });
});

test("a service without entities and without a Query of its own is still a valid subgraph", async () => {
  const bare = subgraphSchema("type Mutation { ping: Int }", { Mutation: { ping: () => 1 } }, {});
  const result = await graphql({ schema: bare, source: "mutation { ping }" });
  assert.equal(JSON.stringify(result), '{"data":{"ping":1}}');
  assert.equal(bare.getType("_Entity"), undefined);
});

test("a resolver for a field that the SDL has not is a mistake told at start", () => {
  assert.throws(() => subgraphSchema(sdl, { Query: { bok: () => null } }, {}), /no field Query\.bok/);
});
