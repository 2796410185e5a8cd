import assert from "node:assert/strict";
import { test } from "node:test";
import { desiredSections } from "./desired.ts";
import { hasTaken, publishedKeys } from "./published.ts";
import { isReady } from "./readiness.ts";
import { key } from "./testing/auth.ts";
import { guardedConfig, nodeConfig, nothingLearned } from "./testing/configuration.ts";
import { World } from "./testing/world.ts";
import { viewNode } from "./view.ts";

function guarded(config = guardedConfig(["a"])): World {
  const world = new World();
  world.sdl.set("a", "A1");
  world.configure(config);
  return world;
}

const remote = guardedConfig(["a"], { auth: { mode: "remote", rpc: { address: "unix:/run/auth.sock" } } });
const codes = (world: World): readonly string[] => viewNode(world.node).reasons.map(({ code }) => code);
const kids = (world: World): readonly string[] =>
  (desiredSections(world.node).trust?.issuers ?? []).flatMap(({ keys }) => keys.map(({ kid }) => kid));
const servedTrust = (world: World): string | undefined => world.gateway.digests().trust;

test("a gateway is told whom to answer also where everybody is answered", () => {
  const world = new World();
  world.configure(nodeConfig([]));
  world.rest();
  const { trust } = desiredSections(world.node);
  assert.deepEqual([trust?.mode, trust?.issuers, trust?.signing], ["off", [], undefined]);
  assert.equal(servedTrust(world), trust?.digest);
  assert.equal(viewNode(world.node).auth, undefined);
});

test("a node that signs is not ready before a key is known, and announces itself with it", () => {
  const world = guarded();
  world.dispatch({ kind: "timerFired", id: "settle" });
  while (world.work.some(({ kind }) => kind !== "startSidecar" || !world.gateway.alive)) {
    const index = world.work.findIndex((work) => !("sidecar" in work && work.sidecar === "auth"));
    if (index === -1) break;
    world.deliver(index);
  }
  assert.equal(isReady(world.node), false);
  assert.ok(codes(world).includes("CAT-NODE-013"));
  assert.deepEqual(kids(world), []);
  assert.equal(world.ready, 0);
  world.rest();
  assert.ok(isReady(world.node));
  assert.deepEqual(kids(world), ["k1"]);
  assert.equal(world.ready, 1);
  assert.match(publishedKeys(world.node) ?? "", /"kid":"k1"/);
});

test("auth killed: the gateway keeps its keys, the node stays ready and says so, and auth is started again", () => {
  const world = guarded();
  world.rest();
  const before = servedTrust(world);
  world.kill("auth");
  assert.ok(isReady(world.node));
  assert.ok(codes(world).includes("CAT-NODE-014"));
  assert.ok(world.timers.has("start:auth"));
  assert.equal(servedTrust(world), before);
  world.rest();
  assert.ok(world.auth.alive);
  assert.deepEqual(codes(world), []);
  assert.equal(servedTrust(world), before, "nothing was told anew");
});

test("a rotation and a revocation reach the gateway, and only then count as taken", () => {
  const world = guarded();
  world.rest();
  world.auth.rotate("k1", "k2");
  world.tellTrust();
  world.rest();
  assert.deepEqual(kids(world), ["k1", "k2"]);
  const revoked = world.auth.revoke("j1");
  assert.equal(hasTaken(world.node, revoked), false);
  world.tellTrust();
  assert.equal(hasTaken(world.node, revoked), false, "known, but the gateway has not answered");
  world.rest();
  assert.ok(hasTaken(world.node, revoked));
});

test("the same word again changes nothing", () => {
  const world = guarded();
  world.rest();
  const { configured } = world.gateway;
  world.transcript.length = 0;
  world.tellTrust();
  world.rest();
  assert.equal(world.gateway.configured, configured);
  assert.equal(world.transcript.length, 1, world.transcript.join("\n"));
});

test("an orchestrator that starts while auth is down gives a new gateway the keys that were learned", () => {
  const world = guarded(remote);
  world.auth.start();
  world.rest();
  assert.ok(isReady(world.node));
  world.kill("auth");
  world.gateway.alive = false;
  world.configure(remote);
  world.rest();
  assert.deepEqual(kids(world), ["k1"]);
  assert.ok(isReady(world.node));
  assert.equal(world.ready, 1);
  assert.ok(codes(world).includes("CAT-NODE-014"));
});

test("one that has lost what it learned leaves the gateway its keys until auth tells them", () => {
  const world = guarded(remote);
  world.auth.start();
  world.rest();
  const before = servedTrust(world);
  world.kill("auth");
  world.learned = nothingLearned;
  world.configure(remote);
  world.rest();
  assert.equal(servedTrust(world), before);
  assert.equal(isReady(world.node), false);
});

test("but one whose gateway is to answer otherwise is told so without a key", () => {
  const world = guarded(remote);
  world.auth.start();
  world.rest();
  const before = servedTrust(world);
  world.kill("auth");
  world.learned = nothingLearned;
  const { auth } = remote;
  world.configure({ ...remote, auth: { ...auth, issuer: "urn:catalyst:other" } });
  world.rest();
  assert.notEqual(servedTrust(world), before);
});

test("an auth of another node or issuer is connected, told of, and not believed", () => {
  const world = guarded(remote);
  world.auth.start();
  world.auth.status = { ...world.auth.status, node: "east" };
  world.rest();
  assert.deepEqual(kids(world), []);
  assert.ok(codes(world).includes("CAT-NODE-015"));
  assert.equal(isReady(world.node), false);
});

test("an embedded auth that gives up before it was ever reached ends the node, and says when its keys are why", () => {
  for (const [code, expected] of [
    [1, "CAT-NODE-016"],
    [3, "CAT-NODE-021"],
  ] as const) {
    const world = guarded();
    world.dispatch({ kind: "sidecarStarted", sidecar: "auth", pid: 9, adopted: false });
    world.dispatch({ kind: "sidecarExited", sidecar: "auth", pid: 9, code });
    world.dispatch({ kind: "sidecarStopped", sidecar: "gateway" });
    assert.ok(!world.transcript.some((line) => line.includes("finish")));
    world.dispatch({ kind: "sidecarStopped", sidecar: "auth" });
    assert.equal(world.finished?.failed?.code, expected);
  }
});

test("one that hangs is killed and started again", () => {
  const world = guarded();
  world.rest();
  world.dispatch({ kind: "authLost", problem: { code: "CAT-RPC-010", path: "", message: "silence" } });
  world.fire("silence:auth");
  const { instanceId } = world.auth.status;
  world.rest();
  assert.notEqual(world.auth.status.instanceId, instanceId);
});

test("a stop ends the gateway first, then auth", () => {
  const world = guarded();
  world.rest();
  world.transcript.length = 0;
  world.dispatch({ kind: "stopRequested" });
  world.deliver("stopSidecar");
  world.deliver("stopSidecar");
  assert.deepEqual(
    world.transcript.filter((line) => /stop|finish/i.test(line)).map((line) => line.trim()),
    ["> stopRequested", "stop gateway", "> sidecarStopped", "stop auth", "> sidecarStopped", "finish well"],
  );
});

test("another issuer's keys come and go with its file; what cannot be used changes nothing but what is shown", () => {
  const issuers = [{ name: "partner", issuer: "urn:catalyst:partner", jwksFile: "p.json" }];
  const config = guardedConfig(["a"], { gateway: { auth: { mode: "required", issuers } } });
  const world = new World();
  world.configure(config, [{ name: "partner", keys: [key("p1")] }]);
  world.rest();
  assert.deepEqual(kids(world), ["k1", "p1"]);
  const problem = { code: "CAT-ISSUERS-002", path: "p.json", message: "no set" } as const;
  world.dispatch({ kind: "issuerRefused", name: "partner", problems: [problem] });
  world.rest();
  assert.deepEqual(kids(world), ["k1", "p1"]);
  assert.deepEqual(codes(world).slice(0, 2), ["CAT-NODE-020", "CAT-ISSUERS-002"]);
  world.dispatch({ kind: "issuerRead", name: "partner", keys: [] });
  world.rest();
  assert.deepEqual(kids(world), ["k1"]);
  assert.equal(servedTrust(world), desiredSections(world.node).trust?.digest);
});

test("the gateway is told where to have its tokens signed only where a service wants one", () => {
  const config = guardedConfig(["a", "b"]);
  const [a, ...others] = config.services;
  assert.ok(a);
  const world = guarded({ ...config, services: [{ ...a, subjectToken: true }, ...others] });
  const { trust } = desiredSections(world.node);
  assert.equal(trust?.signing?.address, "unix:.catalyst/auth-gateway.sock");
  assert.deepEqual(trust?.subjects, [{ service: "a", audience: "acme/west/a" }]);
});
