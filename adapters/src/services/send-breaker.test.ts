import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { defaultUpstreamLimits } from "@catalyst-node/core/model";
import type { BreakerStatus } from "./breaker.ts";
import {
  mutation,
  never,
  type OnRequest,
  outcome,
  portTo,
  query,
  rawServer,
  response,
  tableOf,
} from "./testing/raw-server.ts";

const answers: OnRequest = (socket) => socket.write(response(200));
const fails: OnRequest = (socket) => socket.write(response(500, "Error: x\n  at y", "content-type: text/plain\r\n"));
const hangs: OnRequest = () => undefined;
const tight = { breakerFailures: 3, breakerPause: 300, tryTimeout: 10_000 };

for (const [what, manner] of [
  ["500", fails],
  ["no answer", hangs],
  ["resets before any answer", (socket) => socket.resetAndDestroy()],
  ["what is no HTTP", (socket) => socket.write("SSH-2.0\r\n\r\n")],
] satisfies readonly (readonly [string, OnRequest])[]) {
  test(`after so many of ${what} in a row the service is not asked for a while, then by one request`, async (t) => {
    const changes: BreakerStatus[] = [];
    const server = await rawServer(t, manner);
    const tryTimeout = manner === hangs ? 100 : 10_000;
    const port = portTo(t, [server.url], { ...tight, tryTimeout, onBreaker: (status) => changes.push(status) });
    for (let count = 0; count < 3; count += 1) await port.send(mutation, never);
    const began = performance.now();
    assert.equal(outcome(await port.send(mutation, never)), "SERVICE_UNAVAILABLE");
    assert.ok(performance.now() - began < 50, "at once");
    assert.equal(server.requests(), 3);

    await sleep(350);
    const probes = await Promise.all([port.send(mutation, never), port.send(mutation, never)]);
    assert.equal(server.requests(), 4, "one of them went through");
    assert.ok(probes.every(({ kind }) => kind === "failed"));
    assert.equal(outcome(await port.send(mutation, never)), "SERVICE_UNAVAILABLE");
    assert.equal(server.requests(), 4);

    server.behave(answers);
    await sleep(350);
    assert.equal(outcome(await port.send(mutation, never)), "{}");
    assert.equal(outcome(await port.send(mutation, never)), "{}");
    assert.deepEqual(
      changes.map(({ state, failures }) => [state, failures]),
      [
        ["open", 3],
        ["halfOpen", 3],
        ["open", 4],
        ["halfOpen", 4],
        ["closed", 0],
      ],
    );
    const [status] = port.breakers;
    assert.deepEqual(status, { service: "s", url: server.url, state: "closed", since: status?.since, failures: 0 });
    assert.ok(Math.abs(Date.now() - (status?.since ?? 0)) < 60_000);
    assert.deepEqual([port.counters.breakerOpened, port.counters.refusedByBreaker], [2, 3]);
  });
}

test("GraphQL errors, errors of the client's and nonsense do not count, and an answer forgets what failed before", async (t) => {
  const server = await rawServer(t, answers);
  const port = portTo(t, [server.url], tight);
  const manners: readonly string[] = [
    response(200, `{"errors":[{"message":"no"}]}`),
    response(503, `{"errors":[{"message":"no"}]}`),
    response(400, "no", "content-type: text/plain\r\n"),
    response(200, "<h1>hi</h1>", "content-type: text/html\r\n"),
    response(200, `{"data":`),
  ];
  for (const bytes of [...manners, ...manners]) {
    server.behave((socket) => socket.write(bytes));
    await port.send(mutation, never);
  }
  for (let round = 0; round < 3; round += 1) {
    server.behave(fails);
    for (let count = 0; count < 2; count += 1) await port.send(mutation, never);
    server.behave(answers);
    assert.equal(outcome(await port.send(mutation, never)), "{}");
  }
  assert.equal(port.counters.breakerOpened, 0);
});

test("while one endpoint is given up the next is asked, and a probe that leaves makes room for another", async (t) => {
  const bad = await rawServer(t, fails);
  const good = await rawServer(t, answers);
  const port = portTo(t, [bad.url, good.url], tight);
  for (let count = 0; count < 3; count += 1) await port.send(mutation, never);
  assert.equal(outcome(await port.send(mutation, never)), "{}");
  assert.deepEqual([bad.requests(), good.requests()], [3, 1]);
  await sleep(350);
  bad.behave(hangs);
  assert.equal(outcome(await port.send(mutation, AbortSignal.timeout(100))), "REQUEST_ABORTED");
  bad.behave(answers);
  await port.send(mutation, never);
  assert.deepEqual([bad.requests(), good.requests()], [5, 1]);
});

test("an endpoint that cannot be connected to is skipped after so many requests, and used again once it can be", async (t) => {
  const bad = await rawServer(t, answers);
  const good = await rawServer(t, answers);
  const port = portTo(t, [bad.url, good.url], { ...tight, breakerPause: 60_000 });
  await bad.kill();
  for (let count = 0; count < 5; count += 1) assert.equal(outcome(await port.send(mutation, never)), "{}");
  assert.deepEqual(
    port.breakers.map(({ state }) => state),
    ["open", "closed"],
  );
  await bad.start();
  const deadline = performance.now() + 5_000;
  while (port.breakers.some(({ state }) => state !== "closed") && performance.now() < deadline) await sleep(10);
  await port.send(mutation, never);
  assert.equal(bad.requests(), 1);
});

test("what was learned of an endpoint outlives a new table that still has it", async (t) => {
  const server = await rawServer(t, fails);
  const port = portTo(t, [server.url], tight);
  for (let count = 0; count < 3; count += 1) await port.send(mutation, never);
  port.setEndpoints(tableOf([server.url]));
  assert.equal(port.breakers[0]?.state, "open");
  await port.send(mutation, never);
  assert.equal(server.requests(), 3);
});

test("limits take effect for the next request: the breaker's, the concurrency, the time and the size", async (t) => {
  const server = await rawServer(t, fails);
  const port = portTo(t, [server.url], tight);
  for (let count = 0; count < 3; count += 1) await port.send(mutation, never);
  const limits = { ...defaultUpstreamLimits, breakerFailures: 0, tryTimeout: 150, maxConcurrent: 1, maxResponse: 10 };
  port.setLimits(limits);
  server.behave((socket) => socket.write(response(200, `"${"x".repeat(20)}"`)));
  assert.equal(outcome(await port.send(query, never)), "SERVICE_BAD_RESPONSE");
  server.behave(hangs);
  const began = performance.now();
  const first = port.send(query, never);
  assert.equal(outcome(await port.send(query, never)), "SERVICE_UNAVAILABLE");
  assert.equal(outcome(await first), "SERVICE_TIMEOUT");
  assert.ok(performance.now() - began < 2_000);
  assert.equal(port.counters.refusedByConcurrency, 1);
});
