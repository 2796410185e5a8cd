import assert from "node:assert/strict";
import { test } from "node:test";
import { sectionNames } from "./desired.ts";
import { outstanding } from "./reconcile.ts";
import { nodeConfig, nothingLearned, self } from "./testing/configuration.ts";
import { started, states, served, World } from "./testing/world.ts";
import { newNode, step } from "./step.ts";
import { viewGateway, viewNode, viewRoutes, viewServices } from "./view.ts";

test("an event before the configuration means nothing", () => {
  assert.deepEqual(step(newNode, { kind: "stopRequested" }, 1), { state: newNode, effects: [] });
});

test("a hanging service does not hold up the others: they are served after the settle time", () => {
  const world = new World();
  world.sdl.set("products", "P1");
  world.configure(nodeConfig(["hangs", "products"]));
  const hanging = world.work.splice(
    world.work.findIndex((work) => work.kind === "fetchSdl"),
    1,
  );
  world.rest();
  assert.deepEqual(states(world), { hangs: "pending", products: "serving" });
  assert.equal(served(world), "sha-products=P1");
  assert.equal(world.ready, 1);
  world.sdl.set("hangs", "H1");
  world.work.push(...hanging);
  world.rest();
  assert.equal(served(world), "sha-hangs=H1 products=P1");
  assert.equal(world.ready, 1, "ready is announced once");
});

test("no service at all: the empty set is the truth and is pushed", () => {
  const world = started({});
  assert.equal(world.ready, 1);
  assert.deepEqual(Object.keys(world.gateway.digests()).toSorted(), sectionNames.toSorted());
});

test("all services down: a fresh gateway is told the empty set, so that the node is ready", () => {
  const world = started({}, ["products"]);
  assert.equal(world.ready, 1);
  assert.deepEqual(states(world), { products: "pending" });
});

test("the last service removed from the configuration: the empty set is pushed", () => {
  const world = started({ products: "P1" });
  world.configure(nodeConfig([]));
  world.rest();
  assert.notEqual(served(world), "sha-products=P1");
  assert.equal(viewGateway(world.node).inSync, true);
});

test("restarted without its state folder and with every service down, it leaves the gateway as it is", () => {
  const world = started({ products: "P1" });
  world.sdl.clear();
  world.learned = nothingLearned;
  world.configure(nodeConfig(["products"]));
  world.rest();
  assert.equal(served(world), "sha-products=P1");
});

test("restarted with every service down, it serves what it learned before, marked stale", () => {
  const world = started({ products: "P1" });
  world.sdl.clear();
  world.killGateway();
  world.configure(nodeConfig(["products"]));
  world.rest();
  assert.equal(served(world), "sha-products=P1");
  assert.deepEqual(states(world), { products: "stale" });
  assert.equal(viewNode(world.node).services.stale, 1);
});

test("what was learned of another URL says nothing of this one", () => {
  const world = started({ products: "P1" });
  world.learned = {
    ...world.learned,
    services: world.learned.services.map((known) => ({ ...known, url: "http://old" })),
  };
  world.sdl.clear();
  world.killGateway();
  world.configure(nodeConfig(["products"]));
  world.rest();
  assert.deepEqual(states(world), { products: "pending" });
});

test("restarted with nothing changed, nothing is sent to the gateway", () => {
  const world = started({ products: "P1", reviews: "R1" });
  const sent = world.gateway.configured;
  world.configure(nodeConfig(["products", "reviews"]));
  world.rest();
  assert.equal(world.gateway.configured, sent);
  assert.equal(world.ready, 1);
  assert.equal(viewNode(world.node).services.serving, 2);
});

test("an orchestrator that lost its state folder takes over a configured gateway", () => {
  const world = started({ products: "P1" });
  world.learned = nothingLearned;
  world.sdl.set("products", "P2");
  world.configure(nodeConfig(["products"]));
  world.rest();
  assert.equal(served(world), "sha-products=P2");
  assert.equal(world.learned.epoch, 2, "the greater epoch is kept");
});

test("an unchanged schema leads to nothing but the next timer", () => {
  const world = started({ products: "P1" });
  world.transcript.length = 0;
  world.fire("fetch:products");
  world.deliver("fetchSdl");
  assert.deepEqual(world.transcript.slice(-2), ["> products answers: P1", "    timer fetch:products in 30000 ms"]);
});

test("a service that fails is asked again ever later, up to its interval, and keeps being served", () => {
  const world = started({ products: "P1" });
  world.sdl.clear();
  const waits = Array.from({ length: 9 }, () => {
    world.fire("fetch:products");
    world.rest();
    return world.timers.get("fetch:products");
  });
  assert.deepEqual(waits, [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  assert.deepEqual(states(world), { products: "stale" });
  assert.equal(served(world), "sha-products=P1");
  assert.match(viewServices(world.node)[0]?.problems[0]?.message ?? "", /refused/);
});

test("a quarantined service is shown with its reason and its route is not used", () => {
  const world = started({ products: "P1", reviews: "R1 !products", wrong: "wrong" });
  assert.deepEqual(states(world), { products: "serving", reviews: "quarantined", wrong: "quarantined" });
  const [, reviews] = viewServices(world.node);
  assert.match(reviews?.problems[0]?.message ?? "", /"reviews" and "products"/);
  assert.deepEqual(
    viewRoutes(world.node).map(({ key, used }) => [key, used]),
    [
      ["acme/west/products", true],
      ["acme/west/reviews", false],
      ["acme/west/wrong", false],
    ],
  );
});

test("a refused schema is not sent again until it changes; the last good one stays", () => {
  const world = started({ products: "P1" });
  world.gateway.refuses.add("sha-products=P2");
  world.sdl.set("products", "P2");
  world.fire("fetch:products");
  world.rest();
  const sent = world.gateway.configured;
  world.dispatch({ kind: "gatewayTold", status: world.gateway.status });
  world.rest();
  assert.equal(world.gateway.configured, sent);
  assert.equal(served(world), "sha-products=P1");
  const view = viewNode(world.node);
  assert.deepEqual([view.ready, view.gateway.inSync], [true, false]);
  assert.deepEqual(
    view.reasons.map(({ code }) => code),
    ["CAT-NODE-006", "CAT-GATEWAY-001"],
  );
  world.sdl.set("products", "P3");
  world.fire("fetch:products");
  world.rest();
  assert.equal(served(world), "sha-products=P3");
  assert.deepEqual(viewNode(world.node).reasons, []);
});

test("when another speaker configured the gateway, the desired state is pushed over it with a greater epoch", () => {
  const world = started({ products: "P1" });
  const schema = { digest: "theirs", sdl: "theirs" };
  world.gateway.configure({ epoch: 7, number: 1 }, { schema });
  world.dispatch({ kind: "gatewayTold", status: world.gateway.status });
  world.rest();
  assert.equal(served(world), "sha-products=P1");
  assert.equal(world.learned.epoch, 8);
});

test("a gateway of another node is never configured", () => {
  const world = new World();
  world.sdl.set("products", "P1");
  world.gateway.start();
  world.gateway.status = { ...world.gateway.status, organization: "other", node: "east" };
  world.configure(nodeConfig(["products"], false));
  world.rest();
  assert.equal(world.gateway.configured, 0);
  assert.deepEqual(
    viewNode(world.node).reasons.map(({ code }) => code),
    ["CAT-NODE-007"],
  );
});

test("a gateway found on our socket is not configured before it is known to stay", () => {
  const world = new World();
  world.gateway.start();
  world.configure(nodeConfig([]));
  world.dispatch({ kind: "gatewayConnected", status: world.gateway.status });
  world.dispatch({ kind: "sidecarStarted", sidecar: "gateway", pid: 999, adopted: false });
  assert.equal(
    world.work.some(({ kind }) => kind === "configureGateway"),
    false,
  );
  assert.equal(world.ready, 0);
});

test("every word of the gateway acknowledges what it serves, also when there is nothing to send", () => {
  const world = started({ a: "A1" });
  const first = viewGateway(world.node).acknowledgedAt ?? Number.NaN;
  world.dispatch({ kind: "gatewayTold", status: world.gateway.status });
  assert.ok((viewGateway(world.node).acknowledgedAt ?? 0) > first, "a heartbeat");
  const sent = world.gateway.configured;
  world.configure(nodeConfig(["a"]));
  assert.equal(viewGateway(world.node).acknowledgedAt, undefined);
  world.rest();
  assert.equal(world.gateway.configured, sent, "adopted as it is");
  assert.equal(typeof viewGateway(world.node).acknowledgedAt, "number");
});

test("an unanswered configuration is sent again, ever later", () => {
  const world = started({ products: "P1" });
  world.sdl.set("products", "P2");
  world.fire("fetch:products");
  world.deliver("fetchSdl");
  world.deliver("compose");
  const waits = Array.from({ length: 3 }, () => {
    const push = world.work.find((work) => work.kind === "configureGateway");
    assert.ok(push?.kind === "configureGateway");
    world.work = world.work.filter((work) => work !== push);
    const problem = { code: "CAT-RPC-012", path: "", message: "no answer in time" } as const;
    world.dispatch({ kind: "gatewayUnanswered", revision: push.revision, problem });
    const wait = world.timers.get("push");
    world.fire("push");
    return wait;
  });
  assert.deepEqual(waits, [200, 400, 800]);
  world.rest();
  assert.equal(served(world), "sha-products=P2");
  assert.deepEqual(outstanding(world.node), []);
});

test("an embedded gateway that ends before it ever answered ends the node with a failure", () => {
  const world = new World();
  world.configure(nodeConfig([]));
  world.dispatch({ kind: "sidecarStarted", sidecar: "gateway", pid: 7, adopted: false });
  world.dispatch({ kind: "sidecarExited", sidecar: "gateway", pid: 7, code: 1 });
  world.dispatch({ kind: "sidecarStopped", sidecar: "gateway" });
  assert.equal(world.finished?.failed?.code, "CAT-NODE-008");
});

test("an embedded gateway whose connection broke, and that has not answered since, is killed and started again", () => {
  const world = started({ products: "P1" });
  const first = world.gateway.status.pid;
  world.dispatch({ kind: "gatewayLost", problem: { code: "CAT-RPC-010", path: "", message: "it is silent" } });
  assert.deepEqual(world.work, [], "it may come back");
  world.fire("silence:gateway");
  world.deliver("killSidecar");
  world.rest();
  assert.notEqual(world.gateway.status.pid, first);
  assert.deepEqual(Object.keys(world.gateway.digests()).toSorted(), sectionNames.toSorted());
  assert.equal(world.timers.has("silence:gateway"), false, "it answers");
});

test("an embedded gateway that answers again in time is left alone, a remote one in any case", () => {
  const world = started({ products: "P1" });
  world.dispatch({ kind: "gatewayLost", problem: { code: "CAT-RPC-010", path: "", message: "it is silent" } });
  world.dispatch({ kind: "gatewayConnected", status: world.gateway.status });
  assert.equal(world.timers.has("silence:gateway"), false);

  const remote = new World();
  remote.gateway.start();
  remote.configure(nodeConfig([], false));
  remote.rest();
  remote.dispatch({ kind: "gatewayLost", problem: { code: "CAT-RPC-010", path: "", message: "it is silent" } });
  assert.equal(remote.timers.has("silence:gateway"), false);
});

test("a stop ends the embedded gateway, then the node; further events mean nothing", () => {
  const world = started({ products: "P1" });
  world.dispatch({ kind: "stopRequested" });
  assert.deepEqual(
    world.work.map(({ kind }) => kind),
    ["stopSidecar"],
  );
  world.dispatch({ kind: "stopRequested" });
  world.deliver("stopSidecar");
  assert.deepEqual(world.finished, { failed: undefined });
  assert.equal(world.timers.size, 0);
  assert.equal(
    step(world.state, { kind: "configured", config: nodeConfig([]), self, learned: nothingLearned }, 9).effects.length,
    0,
  );
});

test("a remote gateway is left running by a stop", () => {
  const world = new World();
  world.gateway.start();
  world.configure(nodeConfig([], false));
  world.rest();
  world.dispatch({ kind: "stopRequested" });
  assert.deepEqual([world.finished, world.gateway.alive], [{ failed: undefined }, true]);
});
