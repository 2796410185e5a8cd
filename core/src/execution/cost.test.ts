import assert from "node:assert/strict";
import { test } from "node:test";
import { buildSchema, parse, validate } from "graphql";
import { judgeCost } from "./cost-limit.ts";
import { costRulesOf, noCostRules } from "./cost-rules.ts";
import { atOnce, value } from "./testing/graph.ts";
import { quickly } from "../../../tests/support/quickly.ts";

const fields = `
  type Query {
    me: User
    user(id: ID): User
    names: [String]
    users(first: Int, last: Int, limit: Int = 3): [User!]!
    reviews: [Review]
    search(first: Int): [Result]
    page(first: Int): Page
    node: Node
    table(first: Int): [[User!]!]!
    pages(size: Int, first: Int): Page DIRECTIVE
  }
  type Mutation { rename: User wipe: Boolean }
  type User implements Node { id: ID name: String friends(first: Int): [User] best: User reviews: [Review] }
  interface Node { id: ID }
  type Review implements Node { id: ID text: String author: User }
  union Result = User | Review
  type Page { edges: [Edge] total: Int nodes: [User] }
  type Edge { node: User }
`;
const schema = buildSchema(fields.replace("DIRECTIVE", ""));

/** What it costs: the least limit that lets it through. */
function cost(
  text: string,
  variables: Record<string, unknown> = {},
  rules = noCostRules,
  operationName?: string,
): number {
  const document = parse(text);
  assert.deepEqual(validate(schema, document), []);
  const measured = (limit: number): number => {
    const judge = judgeCost(document, { schema, rules }, limit);
    const objection = judge.withVariables ? judge.withVariables(operationName, variables) : judge.objections[0];
    return Number(/is (?:more than )?(\d+);/.exec(objection?.problem.message ?? "")?.[1] ?? 0);
  };
  return measured(0.5);
}

test("each object costs one, a leaf nothing, a mutation's field ten more", () => {
  assert.equal(cost("{ __typename names }"), 0);
  assert.equal(cost("{ me { name best { id } } }"), 2);
  assert.equal(cost("mutation { a: rename { name } wipe }"), 21);
});

test("below a list everything costs as often as the list is long", () => {
  assert.equal(cost("{ reviews { text author { name } } }"), 20);
  assert.equal(cost("{ users(first: 5) { best { id } friends(first: 2) { id } } }"), 5 * (1 + 1 + 2));
  assert.equal(cost("{ table(first: 3) { id } }"), 30, "a list of lists");
  assert.equal(cost("{ users { id } }"), 3, "by the default that stands in the schema");
  assert.equal(cost("{ users(limit: null) { id } }"), 10);
  assert.equal(cost("{ users(first: 5, last: 7) { id } }"), 7);
  assert.equal(cost("{ users(first: -1) { id } a: reviews { id } }"), 13);
});

test("variables tell how long a list is, or their defaults, or nothing does", () => {
  const text = "query ($n: Int, $m: Int = 4) { users(first: $n) { friends(first: $m) { id } } me { id } }";
  assert.equal(cost(text, { n: 5 }), 5 * (1 + 4) + 1);
  assert.equal(cost(text, { n: 50, m: 2 }), 50 * (1 + 2) + 1);
  assert.equal(cost(text, { n: 0, m: 2 }), 3 * 3 + 1, "the greatest of the arguments");
  assert.equal(cost(text, {}), 10 * (1 + 4) + 1);
  for (const n of [null, "5", {}, [5]]) assert.equal(cost(text, { n }), 10 * (1 + 4) + 1);
  assert.equal(cost(text, { n: 1e308, m: 1e308 }), Number.MAX_SAFE_INTEGER, "and more");
});

test("of several types that an object may have, the dearest counts", () => {
  const text =
    "{ search(first: 2) { __typename ... on User { best { id } reviews { id } } ... on Review { author { id } } } }";
  assert.equal(cost(text), 2 * (1 + 11));
  assert.equal(cost("{ node { id ... on User { best { id } } ... on User { b: best { id } } } }"), 3);
  assert.equal(
    cost("query ($n: Int) { node { ... on User { friends(first: $n) { id } } ... on Review { author { id } } } }", {
      n: 0,
    }),
    2,
  );
});

test("a connection's arguments tell of the lists right below it", () => {
  assert.equal(cost("{ page(first: 100) { total edges { node { id } } } }"), 1 + 100 * 2);
  assert.equal(
    cost("query ($n: Int) { page(first: $n) { ...P } } fragment P on Page { edges { node { id } } }", { n: 7 }),
    15,
  );
});

test("introspection costs nothing: its answer is as long as the schema", () => {
  assert.equal(cost("{ __schema { types { fields { type { name } } } } }"), 0);
});

test("what services declare by @cost and @listSize is what counts", () => {
  const directive = `@cost(weight: 5) @size(assumedSize: 20, slicingArguments: ["size"], sizedFields: ["nodes"])`;
  const supergraph = `schema @link(url: "https://specs.apollo.dev/cost/v0.1", import: [{ name: "@listSize", as: "@size" }]) { query: Query }
    ${fields.replace("DIRECTIVE", directive).replace("type Edge", "type Edge @cost(weight: 3)")}`;
  const rules = value(atOnce(costRulesOf(supergraph)));
  assert.equal(cost("{ pages(size: 4) { nodes { id } edges { node { id } } } }", {}, rules), 5 + 4 + 10 * (3 + 1));
  assert.equal(cost("{ pages(first: 4) { nodes { id } } }", {}, rules), 5 + 20);
  assert.equal(value(atOnce(costRulesOf(fields))), noCostRules);
  assert.ok(!atOnce(costRulesOf(`type { ${supergraph}`)).ok);
});

test("the operation that is asked for is judged, by its name", () => {
  const text =
    "query A($n: Int) { users(first: $n) { id } } query B($n: Int) { page(first: $n) { edges { node { id } } } }";
  assert.equal(cost(text, { n: 50 }, noCostRules, "A"), 50);
  assert.equal(cost(text, { n: 50 }, noCostRules, "B"), 101);
  assert.equal(cost(text, { n: 50 }, noCostRules, "C"), 0);
});

test("a limit of 0 counts nothing", () => {
  const judge = judgeCost(parse("{ reviews { author { reviews { text } } } }"), { schema, rules: noCostRules }, 0);
  assert.deepEqual(judge, { objections: [], withVariables: undefined });
});

test("fragments that double forty times are counted in the time that their text takes", () => {
  const levels = Array.from(
    { length: 40 },
    (_, n) => `fragment F${n} on User { a: friends(first: $n) { id } best { ...F${n + 1} } b: best { ...F${n + 1} } }`,
  );
  const document = parse(`query ($n: Int) { me { ...F0 } } ${levels.join(" ")} fragment F40 on User { id }`);
  const judge = quickly(() => judgeCost(document, { schema, rules: noCostRules }, 5_000));
  assert.match(judge.objections[0]?.problem.message ?? "", /is 2199023255551; the limit is 5000/);
});
