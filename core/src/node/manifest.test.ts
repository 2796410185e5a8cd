import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeConfig } from "../config/index.ts";
import type { Manifest, PersistedMode } from "../model/index.ts";
import { desiredSections } from "./desired.ts";
import { nodeConfig } from "./testing/configuration.ts";
import { World } from "./testing/world.ts";

const manifest = (digest: string): Manifest => ({ digest, operations: [{ id: digest, body: "{ a }" }] });

function started(mode: PersistedMode): World {
  const world = new World();
  world.sdl.set("products", "P1");
  const config = nodeConfig(["products"]);
  const gateway: NodeConfig["gateway"] = { ...config.gateway, persistedOperations: { mode, manifestFile: "m.json" } };
  world.configure({ ...config, gateway });
  world.rest();
  return world;
}

const desired = (world: World) => {
  const { mode, operations } = desiredSections(world.node).operations ?? {};
  return [mode, operations?.map(({ id }) => id)];
};

test("a manifest that changes is pushed, and nothing else is", () => {
  const world = started("prefer");
  assert.deepEqual(desired(world), ["prefer", []]);
  const before = world.gateway.digests();
  world.dispatch({ kind: "manifestRead", manifest: manifest("m1") });
  world.rest();
  const { operations, ...rest } = world.gateway.digests();
  assert.deepEqual({ ...rest, operations: before["operations"] }, before);
  assert.notEqual(operations, before["operations"]);
  assert.deepEqual(desired(world), ["prefer", ["m1"]]);

  const { configured } = world.gateway;
  world.dispatch({ kind: "manifestRead", manifest: manifest("m1") });
  world.rest();
  assert.equal(world.gateway.configured, configured, "the same again is no news");
});

test("a manifest that cannot be used is told as an error, and the last good one stays", () => {
  const world = started("only");
  world.dispatch({ kind: "manifestRead", manifest: manifest("m1") });
  world.rest();
  const before = world.gateway.digests();
  const problem = { code: "CAT-CONFIG-003", path: "m.json:1:1", message: "not JSON" } as const;
  world.dispatch({ kind: "manifestRefused", problems: [problem] });
  world.rest();
  assert.deepEqual(world.gateway.digests(), before);
  assert.deepEqual(desired(world), ["only", ["m1"]]);
  assert.match(world.transcript.join("\n"), /tell error operations\.refused .*CAT-CONFIG-003 m\.json:1:1: not JSON/);
});

test("a gateway that serves registered operations is told when they are off", () => {
  assert.deepEqual(desired(started("off")), ["off", []]);
  const digests = (["off", "prefer", "only"] as const).map(
    (mode) => desiredSections(started(mode).node).operations?.digest,
  );
  assert.equal(new Set(digests).size, 3);
});
