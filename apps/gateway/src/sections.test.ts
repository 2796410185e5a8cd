import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSupergraph, readEndpoints, readIdentity } from "./sections.ts";

const codes = (result: {
  readonly ok: boolean;
  readonly problems?: readonly { readonly code: string; readonly path: string }[];
}) => result.problems?.map(({ code, path }) => `${code} ${path}`) ?? [];

const doors = { introspection: false, graphiql: false, queriesByGet: false, suggestions: false };
const current = { organization: "acme", node: "west", dev: false, showServiceErrors: false, ...doors };

test("both labels of an identity are judged at once", () => {
  assert.deepEqual(codes(readIdentity({ ...current, organization: "Acme", node: "" }, undefined)), [
    "CAT-GATEWAY-020 identity.organization",
    "CAT-GATEWAY-020 identity.node",
  ]);
});

test("another node's identity is refused, the same one with another mode is not", () => {
  assert.deepEqual(codes(readIdentity({ ...current, node: "east" }, current)), ["CAT-GATEWAY-021 identity"]);
  const dev = { ...current, dev: true, showServiceErrors: true };
  assert.deepEqual(readIdentity(dev, current), { ok: true, value: dev });
});

test("a text without the join specification's link and enum is no supergraph", () => {
  const head = 'schema @link(url: "https://specs.apollo.dev/join/v0.3") { query: Query } enum join__Graph { A }';
  assert.deepEqual(
    checkSupergraph("enum join__Graph { A } type Query { a: Int }").map(({ code }) => code),
    ["CAT-GATEWAY-031"],
  );
  assert.deepEqual(checkSupergraph(head), []);
  assert.deepEqual(
    checkSupergraph(`${head} #${"x".repeat(8 * 1024 * 1024)}`).map(({ code }) => code),
    ["CAT-GATEWAY-030"],
  );
});

test("every endpoint that cannot be called and every service named twice is told", () => {
  const endpoints = (...urls: string[]) => urls.map((url) => ({ url }));
  const result = readEndpoints([
    { service: "a", endpoints: endpoints("http://h/graphql", "https://h:1/x?y=1") },
    { service: "b", endpoints: endpoints("file:///etc/passwd") },
    { service: "c", endpoints: endpoints("http://user:pass@h/") },
    { service: "a", endpoints: [] },
    { service: "", endpoints: [] },
    { service: "d", endpoints: endpoints(...Array.from({ length: 17 }, () => "http://h/")) },
    { service: "e", endpoints: [{ url: "http://h/", subscriptions: { protocol: "ws", url: "wss://h/s" } }] },
    { service: "f", endpoints: [{ url: "http://h/", subscriptions: { protocol: "sse", url: "ftp://h/s" } }] },
  ]);
  assert.deepEqual(codes(result), [
    "CAT-GATEWAY-040 endpoints[b]",
    "CAT-GATEWAY-040 endpoints[c]",
    "CAT-GATEWAY-041 endpoints[a]",
    "CAT-GATEWAY-041 endpoints[]",
    "CAT-GATEWAY-042 endpoints[d]",
    "CAT-GATEWAY-040 endpoints[f]",
  ]);
});

test("a service without an endpoint is a valid entry: it is unavailable, and known to be", () => {
  const result = readEndpoints([{ service: "__proto__", endpoints: [] }]);
  assert.ok(result.ok);
  assert.deepEqual(result.value.get("__proto__"), []);
});
