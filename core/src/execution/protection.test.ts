import assert from "node:assert/strict";
import { test } from "node:test";
import { protectionOf } from "./protection.ts";
import { atOnce, value } from "./testing/graph.ts";

const spec = "https://specs.apollo.dev";
const supergraph = (links: string, directive: string) =>
  `schema ${links} { query: Query } type Query { open: Int secret: Int ${directive} }`;
const protectedBy = (links: string, directive: string) => [
  ...value(atOnce(protectionOf(supergraph(links, directive)))),
];

test("a field is protected under whatever name its supergraph has for the directive", () => {
  const named = {
    "@authenticated": `@link(url: "${spec}/authenticated/v0.1", for: SECURITY)`,
    "@signedIn": `@link(url: "${spec}/authenticated/v0.1", as: "signedIn", for: SECURITY)`,
    "@auth": `@link(url: "${spec}/authenticated/v0.1", import: [{ name: "@authenticated", as: "@auth" }])`,
    "@policy(policies: [])": `@link(url: "${spec}/policy/v0.1/", for: SECURITY)`,
  };
  for (const [directive, link] of Object.entries(named)) {
    assert.deepEqual(protectedBy(link, directive), ["Query.secret"], directive);
  }
});

test("a directive that only has the name of one protects nothing", () => {
  assert.deepEqual(protectedBy(`@link(url: "https://acme.example/policy/v1.0")`, "@policy"), []);
  assert.deepEqual(protectedBy("", "@authenticated"), []);
});

test("a supergraph with an unknown security feature is a problem, one with what hides is none", () => {
  const result = atOnce(protectionOf(supergraph(`@link(url: "https://acme.example/vault/v1.0", for: SECURITY)`, "")));
  assert.ok(!result.ok);
  assert.deepEqual(
    result.problems.map(({ code, message }) => `${code} ${message}`),
    ["CAT-EXEC-017 https://acme.example/vault/v1.0"],
  );
  assert.deepEqual(protectedBy(`@link(url: "${spec}/inaccessible/v0.2", for: SECURITY)`, "@inaccessible"), []);
});

test("what is no GraphQL is a problem", () => {
  assert.ok(!atOnce(protectionOf("type { @link(for: SECURITY)")).ok);
});
