import assert from "node:assert/strict";
import { test } from "node:test";
import { type Offers, type Route, candidates, endpoints, forget, keys, learn } from "./table.ts";

const none: Offers = new Map();
const route = (service: string, more: Partial<Route> = {}): Route => ({
  key: `acme/west/${service}`,
  service,
  protocol: "graphql-http",
  url: `http://${service}.example/graphql`,
  subscriptions: { protocol: "sse" },
  export: false,
  stale: false,
  ...more,
});

test("an equal offer changes nothing, so that nothing downstream is done", () => {
  const once = learn(none, "local", route("books"));
  assert.equal(learn(once, "local", route("books")), once);
  assert.notEqual(learn(once, "local", route("books", { stale: true })), once);
});

test("another way of asking for subscriptions is a new offer", () => {
  const sse = learn(none, "local", route("books"));
  const ws = learn(sse, "local", route("books", { subscriptions: { protocol: "ws" } }));
  const elsewhere = learn(ws, "local", route("books", { subscriptions: { protocol: "ws", url: "ws://b.example/" } }));
  assert.equal(endpoints(ws)[0]?.endpoints[0]?.subscriptions.protocol, "ws");
  assert.equal(endpoints(elsewhere)[0]?.endpoints[0]?.subscriptions.url, "ws://b.example/");
});

test("the newer word of one offerer replaces its older one", () => {
  const moved = learn(learn(none, "local", route("books")), "local", route("books", { url: "http://new.example" }));
  assert.deepEqual(
    candidates(moved, "acme/west/books").map(([, { url }]) => url),
    ["http://new.example"],
  );
});

test("forgetting one service leaves the others, and forgetting the unknown changes nothing", () => {
  const two = learn(learn(none, "local", route("books")), "local", route("authors"));
  assert.deepEqual(keys(forget(two, "local", "acme/west/books")), ["acme/west/authors"]);
  assert.equal(forget(two, "local", "acme/west/films"), two);
});

test("endpoints come in the order of the keys, whatever the order of learning", () => {
  const two = learn(learn(none, "local", route("b")), "local", route("a"));
  assert.deepEqual(endpoints(two), [
    { service: "a", endpoints: [{ url: "http://a.example/graphql", subscriptions: { protocol: "sse" } }] },
    { service: "b", endpoints: [{ url: "http://b.example/graphql", subscriptions: { protocol: "sse" } }] },
  ]);
});
