import assert from "node:assert/strict";
import { test } from "node:test";
import { buildSchema, printSchema, validate, parse } from "graphql";
import { consumerSchema } from "./consumer-schema.ts";
import { atOnce, value } from "./testing/graph.ts";

const codesAndMessages = (sdl: string) => {
  const result = atOnce(consumerSchema(sdl));
  return result.ok ? [] : result.problems.map(({ code, message }) => `${code} ${message}`);
};

const rich = `
  schema { query: Root mutation: Writes }
  directive @cost(weight: Int = 1) on FIELD_DEFINITION
  """What is asked.""" type Root { node(id: ID!): Node any: [Any!] @deprecated(reason: "old") }
  type Writes { write(input: Input = { from: 1, tags: ["a"] }): Item! }
  interface Node { id: ID! }
  interface Named implements Node { id: ID! name: String }
  type Item implements Named & Node { id: ID! name: String state: State! }
  type Other { of: Item when: Date }
  union Any = Item | Other
  enum State { NEW OLD }
  scalar Date @specifiedBy(url: "https://example.org/date")
  input Input { from: Int! tags: [String!] nested: Input }
`;

test("what is built in steps is what graphql-js builds at once, and is valid already", () => {
  const schema = value(atOnce(consumerSchema(rich)));
  assert.equal(printSchema(schema), printSchema(buildSchema(rich)));
  assert.deepEqual(validate(schema, parse("{ node(id: 1) { ... on Item { state } } any { __typename } }")), []);
  assert.equal(schema.getQueryType()?.name, "Root");
});

test("a schema that spells out introspection and built-ins is read", () => {
  const schema = value(
    atOnce(
      consumerSchema(
        "type Query { a: Int __schema: __Schema! } type __Schema { types: [Int] } scalar Int directive @oneOf on OBJECT directive @skip(if: Boolean!) on FIELD",
      ),
    ),
  );
  assert.equal(printSchema(schema), "type Query {\n  a: Int\n}");
});

test("a broken schema is a problem", () => {
  for (const broken of ["type Query {", "type A { a: Int }", "type Query { a: Missing }", "", "enum Query { A }"]) {
    assert.match(codesAndMessages(broken).join(), /^CAT-EXEC-001/, broken);
  }
});

test("everything that is wrong is told, wherever among many types it stands", () => {
  const good = Array.from({ length: 100 }, (_, index) => `type T${index} { next: T${(index + 1) % 100} }`);
  const bad = [
    "interface Named { name: String! }",
    "type Nameless implements Named { name: String }",
    "type Empty",
    "input Endless { more: Endless! }",
    "union Nothing",
    "type Query { first: T0 in(of: T1): Input } input Input { a: Int }",
  ];
  const messages = codesAndMessages([...good.slice(0, 50), ...bad, ...good.slice(50)].join("\n")).join("\n");
  for (const expected of [
    /Nameless\.name is type String/,
    /Empty must define/,
    /Endless/,
    /Nothing must/,
    /T1/,
    /Input/,
  ]) {
    assert.match(messages, expected);
  }
});

test("a large schema is built in many steps", () => {
  const types = Array.from({ length: 500 }, (_, index) => `type T${index} { a: Int next: T${(index + 1) % 500} }`);
  const steps = consumerSchema(`type Query { t: T0 } ${types.join(" ")}`);
  let taken = 0;
  while (!steps.next().done) taken += 1;
  assert.ok(taken > 1_000, `${taken} steps`);
});
