import assert from "node:assert/strict";
import { test } from "node:test";
import { started, states, served } from "./testing/world.ts";

test("what killed the composer is left alone until its schema changes, or its time has come", () => {
  const world = started({ products: "P1", killer: "killer" });
  world.sdl.set("products", "P2");
  world.transcript.length = 0;
  world.fire("fetch:products");
  world.rest();
  const composed = (): readonly string[] => world.transcript.filter((line) => line.includes("    compose "));
  assert.equal(composed().length, 1);
  assert.equal(composed()[0]?.includes("killer"), false);
  const waited = world.timers.get("compose") ?? 0;
  world.fire("compose");
  world.rest();
  assert.deepEqual(states(world), { products: "serving", killer: "quarantined" });
  assert.equal(world.timers.get("compose"), 2 * waited, "ever later");
  world.sdl.set("killer", "mended");
  world.fire("fetch:killer");
  world.rest();
  assert.deepEqual(states(world), { products: "serving", killer: "serving" });
  assert.equal(world.timers.has("compose"), false);
});

test("a composer that dies of what it has composed before condemns nobody: all goes on, and is tried again", () => {
  const world = started({ products: "P1", reviews: "R1" });
  world.busy = true;
  world.sdl.set("reviews", "R2");
  world.fire("fetch:reviews");
  world.rest();
  assert.equal(served(world), "sha-products=P1 reviews=R1", "the last schema");
  assert.deepEqual(states(world), { products: "serving", reviews: "serving" });
  world.fire("compose");
  world.rest();
  assert.equal(served(world), "sha-products=P1 reviews=R1");
  world.busy = false;
  world.fire("compose");
  world.rest();
  assert.equal(served(world), "sha-products=P1 reviews=R2");
  assert.equal(world.timers.has("compose"), false);
});
