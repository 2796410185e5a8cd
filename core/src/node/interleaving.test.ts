import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { desiredSections } from "./desired.ts";
import { outstanding } from "./reconcile.ts";
import { guardedConfig, nothingLearned } from "./testing/configuration.ts";
import { World } from "./testing/world.ts";
import { viewNode } from "./view.ts";

const names = ["a", "b", "c"];

/** What may happen to a node, in any order. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("deliver"), index: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("timer"), index: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("schema"),
      service: fc.constantFrom(...names),
      sdl: fc.constantFrom(undefined, "1", "2", "wrong", "!a", "!b", "killer"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("killGateway") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("killAuth") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("revoke"), jti: fc.constantFrom("j1", "j2") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart"), forgetful: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stranger"), epoch: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("distaste"), on: fc.boolean() }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

function happen(world: World, event: Happening): void {
  if ("index" in event) {
    const timers = [...world.timers.keys()];
    const timer = timers[event.index % Math.max(1, timers.length)];
    if (event.kind === "deliver" && world.work.length > 0) world.deliver(event.index % world.work.length);
    if (event.kind === "timer" && timer !== undefined) world.fire(timer);
  } else if ("service" in event) {
    if (event.sdl === undefined) world.sdl.delete(event.service);
    else world.sdl.set(event.service, event.sdl);
  } else if ("forgetful" in event) {
    if (event.forgetful) world.learned = nothingLearned;
    world.configure(guardedConfig(names));
  } else if ("jti" in event) {
    world.auth.revoke(event.jti);
    world.tellTrust();
  } else if ("epoch" in event) {
    if (world.gateway.alive)
      world.gateway.configure({ epoch: event.epoch, number: 1 }, { schema: { digest: "?", sdl: "?" } });
  } else if ("on" in event) {
    if (event.on) world.gateway.refuses.add("sha-a=1");
    else world.gateway.refuses.clear();
  } else {
    world.kill(event.kind === "killAuth" ? "auth" : "gateway");
  }
}

test("whatever happens in whatever order, at rest the gateway serves or has refused what is desired", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (events) => {
      const world = new World();
      world.configure(guardedConfig(names));
      for (const event of events) happen(world, event);
      world.rest();
      // Its watcher would have told of a stranger's push by now.
      world.dispatch({ kind: "gatewayTold", status: world.gateway.status });
      world.rest();
      const { gateway } = world;
      assert.ok(gateway.alive && world.auth.alive, "embedded sidecars are kept alive");
      assert.deepEqual(desiredSections(world.node).trust?.revocations, world.auth.trust.revocations);
      assert.deepEqual(outstanding(world.node), []);
      for (const [section, { digest }] of Object.entries(desiredSections(world.node))) {
        const held = gateway.status.sections.some((served) => served.section === section && served.digest === digest);
        assert.ok(
          held || gateway.refuses.has(digest) || gateway.status.refusals.some((refusal) => refusal.digest === digest),
        );
      }
      assert.doesNotThrow(() => viewNode(world.node));
      const sent = gateway.configured;
      world.dispatch({ kind: "gatewayTold", status: gateway.status });
      world.rest();
      assert.equal(gateway.configured, sent, "at rest nothing more is sent");
    }),
    { numRuns: 400 },
  );
});

test("whatever was served before, the outcome follows from the schemas known now alone", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (events) => {
      const world = new World();
      world.configure(guardedConfig(names));
      for (const event of events) happen(world, event);
      world.rest();
      const known = [...world.node.services].flatMap(([name, { schema }]) =>
        schema ? [[name, schema.sdl] as const] : [],
      );
      const fresh = new World();
      for (const [name, sdl] of known) fresh.sdl.set(name, sdl);
      fresh.configure(guardedConfig(names));
      fresh.rest();
      const outcome = (of: World) => of.node.composing.result?.outcome.services;
      assert.deepEqual(outcome(world), outcome(fresh));
    }),
    { numRuns: 200 },
  );
});
