import assert from "node:assert/strict";
import { test } from "node:test";
import { buildSchema, parse } from "graphql";
import { emptySchema } from "./consumer-schema.ts";
import { compileOperation } from "./compile.ts";
import { executeOperation } from "./execute.ts";
import { type PreparedOperation, prepareOperation } from "./prepare.ts";
import { SupergraphFacts } from "./supergraph-facts.ts";
import { value } from "./testing/graph.ts";

const facts = new SupergraphFacts("");
const schema = buildSchema(`
  directive @defer on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { item(id: ID): Item node: Node } type Subscription { item: Item }
  interface Node { id: ID! } type Item implements Node { id: ID! name(of: Int, or: [Int]): String }
`);

const prepare = (text: string, operationName?: string) =>
  prepareOperation({ schema, facts, document: parse(text), operationName });
const planQuery = (text: string, operationName?: string) =>
  value(prepare(text, operationName)).planQuery?.replaceAll(/\s+/g, " ");
const codes = (result: ReturnType<typeof prepare>) => (result.ok ? [] : result.problems.map(({ code }) => code));

test("the operation is chosen by its name, which is needed where there are several", () => {
  const text = "query A { item { id } } query B { node { id } }";
  assert.match(planQuery(text, "B") ?? "", /node/);
  assert.deepEqual(codes(prepare(text)), ["CAT-EXEC-002"]);
  assert.deepEqual(codes(prepare(text, "C")), ["CAT-EXEC-002"]);
});

test("a subscription whose root field is conditional, directly or by a fragment, is refused", () => {
  assert.deepEqual(codes(prepare("subscription { item { id } }")), []);
  for (const root of ["item @skip(if: false) { id }", "... on Subscription @include(if: true) { item { id } }"])
    assert.deepEqual(codes(prepare(`subscription { ${root} }`)), ["CAT-EXEC-008"]);
  const spread = "subscription { ...F } fragment F on Subscription { item @include(if: true) { id } }";
  assert.deepEqual(codes(prepare(spread)), ["CAT-EXEC-008"]);
});

test("deferred fragments are refused by name", () => {
  assert.deepEqual(codes(prepare("{ ... @defer { item { id } } }")), ["CAT-EXEC-006"]);
});

test("the planner sees only the operation's own fragments and the variables that are still used", () => {
  const text = `query A($a: ID, $b: String!) { item(id: $a) { ...F } node { ...F } __type(name: $b) { name } } query B { ...G } fragment F on Item { id } fragment G on Query { __typename }`;
  assert.equal(
    planQuery(text, "A"),
    "query A($a: ID) { item(id: $a) { id } node { __typename ...F } } fragment F on Item { id }",
  );
});

test("what has an alias or arguments gets a key of our own, one for each different call", () => {
  const same = "a: name(of: 1, or: [1]) ... { a: name(or: [1], of: 1) }";
  assert.equal(
    planQuery(`{ item { id: name name: id ${same} } node { ... on Item { a: name(of: 2) name(of: 3) } } }`),
    "{ item { _c_id: name _c_name: id _c_a: name(of: 1, or: [1]) _c_a: name(or: [1], of: 1) } " +
      "node { __typename ... on Item { _c3_a: name(of: 2) _c4_name: name(of: 3) } } }",
  );
});

test("a schema that uses our prefix is given another", () => {
  const taken = buildSchema("type Query { _c_x: Int a: Int }");
  const prepared = value(
    prepareOperation({ schema: taken, facts, document: parse("{ x: a }"), operationName: undefined }),
  );
  assert.match(prepared.planQuery ?? "", /__c_x: a/);
});

test("an abstract position asks for the type, and the root's own meta fields are not asked at all", () => {
  assert.equal(planQuery("{ t: __typename node { id } }"), "{ node { __typename id } }");
  assert.equal(planQuery("{ __typename __schema { queryType { name } } }"), undefined);
});

test("an empty graph answers null for its one field, without a plan", async () => {
  const prepared = value(
    prepareOperation({
      schema: emptySchema(),
      facts,
      document: parse("{ _catalyst __typename }"),
      operationName: undefined,
    }),
  );
  assert.deepEqual({ ...(await run(prepared)).data }, { _catalyst: null, __typename: "Query" });
});

test("a plan with parts that are not known is a problem, not a crash", () => {
  const prepared = value(prepare("{ item { id } }"));
  for (const node of [
    { kind: "Whatever" },
    { kind: "Defer" },
    { kind: "Subscription", primary: { serviceName: "a", operation: "subscription { a }" } },
    { kind: "Fetch", serviceName: "a", operation: "{ broken" },
    { kind: "Flatten", path: [{ Field: "a" }], node: { kind: "Fetch", serviceName: "a", operation: "{ a }" } },
  ]) {
    const compiled = compileOperation(prepared, JSON.parse(JSON.stringify({ kind: "QueryPlan", node })));
    assert.deepEqual(compiled.ok ? [] : compiled.problems.map(({ code }) => code), ["CAT-EXEC-007"], node.kind);
  }
});

async function run(prepared: PreparedOperation) {
  const services = { send: () => Promise.reject(new Error("nobody is to be asked")) };
  return executeOperation(value(compileOperation(prepared, undefined)), {
    variables: {},
    services,
    signal: new AbortController().signal,
  });
}
