import assert from "node:assert/strict";
import { test } from "node:test";
import { composeServices } from "@theguild/federation-composition";
import { rejection, type Subgraph } from "../supergraph/index.ts";
import { prepare } from "./prepare.ts";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n`;
const subgraph = (name: string, sdl: string): Subgraph => ({ name, sdl });

/** Composes for real, so that what is prepared is shown to mean what it should. */
function compose(...subgraphs: readonly Subgraph[]) {
  const { documents, problems } = prepare(subgraphs);
  assert.deepEqual(problems, []);
  return composeServices(documents.map(({ name, document }) => ({ name, typeDefs: document })));
}
const messages = (result: ReturnType<typeof compose>): readonly string[] =>
  result.errors?.map(({ message }) => message) ?? [];

test("two plain services with the same root field do not merge silently: both are named", () => {
  const found = messages(
    compose(subgraph("a", "type Query { books: Int }"), subgraph("b", "type Query { books: Int }")),
  );
  assert.equal(found.length, 1);
  assert.match(found[0] ?? "", /"Query\.books".*"a" and "b"/);
});

test("a plain service and a federated one with the same root field conflict too", () => {
  const found = messages(
    compose(subgraph("a", `${link}type Query { books: Int }`), subgraph("b", "type Query { books: Int }")),
  );
  assert.match(found[0] ?? "", /"a" and "b"/);
});

test("value types that are the same everywhere are shared", () => {
  const money = "type Money { amount: Int! currency: String! }";
  const swapped = `"how much" type Money { currency: String! "in cents" amount: Int! }`;
  const result = compose(
    subgraph("a", `type Query { a: Money } ${money}`),
    subgraph("b", `type Query { b: Money } ${swapped}`),
  );
  assert.deepEqual(messages(result), []);
});

test("value types that differ are not shared silently", () => {
  const result = compose(
    subgraph("a", "type Query { a: Money } type Money { amount: Int! }"),
    subgraph("b", "type Query { b: Money } type Money { amount: Int! currency: String }"),
  );
  assert.match(messages(result)[0] ?? "", /"Money\.amount"/);
});

test("a Federation 1 service keeps its entities", () => {
  const result = compose(
    subgraph("a", `extend type Query { top: Product } type Product @key(fields: "id") { id: ID! name: String }`),
    subgraph("b", `extend type Product @key(fields: "id") { id: ID! @external stars: Int }`),
  );
  assert.deepEqual(messages(result), []);
  assert.match(result.publicSdl ?? "", /stars: Int/);
});

test("a service whose query type has another name, and one that defines @shareable itself, compose", () => {
  const result = compose(
    subgraph("a", "schema { query: Root } type Root { a: T } type T { x: Int }"),
    subgraph("b", "directive @shareable on OBJECT type Query { b: T } type T { x: Int }"),
  );
  assert.deepEqual(messages(result), []);
});

test("an SDL that is wrong is told with its place and does not hinder the others", () => {
  const { documents, problems } = prepare([
    subgraph("good", "type Query { a: Int }"),
    subgraph("torn", "type Query {\n  a: "),
    subgraph("html", "<html>"),
    subgraph("query", "{ a }"),
    subgraph("deep", `type Query { a: ${"[".repeat(5000)}Int${"]".repeat(5000)} }`),
    subgraph("wide", `type Query { ${"a: Int ".repeat(150_000)} }`),
  ]);
  assert.deepEqual(
    documents.map(({ name }) => name),
    ["good"],
  );
  assert.deepEqual(
    problems.map(({ code, path }) => `${code} ${path}`),
    [
      "CAT-SUPERGRAPH-001 torn",
      "CAT-SUPERGRAPH-001 html",
      "CAT-SUPERGRAPH-001 query",
      "CAT-SUPERGRAPH-002 deep",
      "CAT-SUPERGRAPH-002 wide",
    ],
  );
  assert.match(problems[0]?.message ?? "", /\(2:6\)$/);
});

test("brackets in strings and comments do not count as nesting", () => {
  const text = `"""${"[".repeat(100)}""" type Query { a(b: String = "${"(".repeat(100)}"): Int # ${"{".repeat(100)}\n }`;
  assert.deepEqual(prepare([subgraph("a", text)]).problems, []);
});

test("a composer's errors become faults of one service and conflicts between several", () => {
  const attempt = rejection([
    { message: "[a] Unknown type T", code: "INVALID_GRAPHQL", subgraph: "a" },
    { message: "Type of field ...", code: "FIELD_TYPE_MISMATCH" },
    { message: "No queries found", code: "NO_QUERIES" },
  ]);
  assert.ok(attempt.kind === "rejected");
  assert.deepEqual(
    attempt.wrong.map(({ code, path, message }) => [code, path, message]),
    [["CAT-SUPERGRAPH-003", "a", "Unknown type T [INVALID_GRAPHQL]"]],
  );
  assert.deepEqual(
    attempt.conflicts.map(({ code }) => code),
    ["CAT-SUPERGRAPH-004", "CAT-SUPERGRAPH-006"],
  );
});
