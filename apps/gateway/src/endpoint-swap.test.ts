import assert from "node:assert/strict";
import { test } from "node:test";
import { EndpointSwap } from "./endpoint-swap.ts";
import type { EndpointTable } from "./sections.ts";

const table = (...services: string[]): EndpointTable =>
  new Map(services.map((service) => [service, [{ url: `http://${service}/` }]]));

test("a service that left stays reachable until no older schema is in use", () => {
  let used: EndpointTable = new Map();
  const swap = new EndpointSwap((next) => {
    used = next;
  });
  swap.apply(table("a", "b"), false);
  swap.apply(table("b", "c"), true);
  assert.deepEqual([...used.keys()], ["a", "b", "c"]);
  swap.settle();
  assert.deepEqual([...used.keys()], ["b", "c"]);
  swap.apply(table("b"), false);
  assert.deepEqual([...used.keys()], ["b"]);
});

test("while a newer schema is refused, what the one that serves needs stays, however many tables come", () => {
  let used: EndpointTable = new Map();
  const swap = new EndpointSwap((next) => {
    used = next;
  });
  swap.apply(table("a", "b"), false);
  swap.apply(table("b", "c"), false, true);
  swap.apply(new Map([...table("b", "d"), ["a", []]]), false, true);
  assert.deepEqual([...used.keys()], ["a", "b", "d"]);
  assert.deepEqual(used.get("a"), [], "what is named without an endpoint is unavailable all the same");
  swap.apply(table("d"), false);
  assert.deepEqual([...used.keys()], ["d"]);
});
