import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import type { ServiceRequest } from "@catalyst-node/core/execution";
import type { HttpServicePort, ServicePortOptions } from "./send.ts";
import {
  mutation,
  never,
  outcome,
  portTo,
  query,
  type RawServer,
  rawServer,
  response,
  tableOf,
} from "./testing/raw-server.ts";

const answers: Parameters<typeof rawServer>[1] = (socket) => socket.write(response(200));

/** Asks at a steady rate for this time; the outcomes in the order of asking. */
async function askSteadily(port: HttpServicePort, request: ServiceRequest, ms: number): Promise<readonly string[]> {
  const began = performance.now();
  const asked: Promise<string>[] = [];
  while (performance.now() - began < ms) {
    asked.push(port.send(request, never).then(outcome));
    if (asked.length >= (performance.now() - began) / everyMs) await sleep(everyMs);
  }
  return await Promise.all(asked);
}
const everyMs = 5;

/** How many requests of 200 a second fail, through a restart that takes so long. */
async function failuresThrough(
  t: TestContext,
  { down, request, ...options }: { readonly down: number; readonly request: ServiceRequest } & ServicePortOptions,
): Promise<{ readonly failures: string[]; readonly server: RawServer; readonly port: HttpServicePort }> {
  const server = await rawServer(t, answers);
  const port = portTo(t, [server.url], options);
  const asking = askSteadily(port, request, down + 600);
  await sleep(300);
  await server.kill();
  await sleep(down);
  await server.start();
  const outcomes = await asking;
  assert.ok(outcomes.length > down / 20, "it was asked all the time");
  return { failures: outcomes.filter((each) => each !== "{}"), server, port };
}

for (const [request, down] of [
  [query, 700],
  [mutation, 700],
  [query, 1_500],
] as const) {
  test(`a service that restarts within ${down} ms fails no ${request.kind} of 200 a second`, async (t) => {
    const { failures, port, server } = await failuresThrough(t, { down, request });
    // Of a mutation that was in flight nobody knows whether it was done; there are more of them on a busy machine.
    if (request.kind === "mutation") failures.splice(0, 10);
    assert.deepEqual(failures, [], JSON.stringify(port.counters));
    assert.equal(port.counters.breakerOpened, 0);
    assert.ok(server.connections() <= 2 * 64 + 5, "not everybody tried by himself");
  });
}

test("requests that broke off together when a service was killed do not open its breaker", async (t) => {
  const server = await rawServer(t, answers);
  const port = portTo(t, [server.url]);
  // Half of them by connections that have answered before.
  await Promise.all(Array.from({ length: 15 }, () => port.send(mutation, never)));
  server.behave(() => undefined);
  const held = Array.from({ length: 30 }, () => port.send(mutation, never).then(outcome));
  await sleep(100);
  await server.kill();
  assert.deepEqual(new Set(await Promise.all(held)), new Set(["SERVICE_UNAVAILABLE"]), "they may have been done");
  server.behave(answers);
  const waiting = port.send(mutation, never).then(outcome);
  await sleep(200);
  await server.start();
  assert.equal(await waiting, "{}", "nothing of it was sent before");
  assert.equal(port.counters.breakerOpened, 0);
});

test("all queries in flight when their service was killed are answered by the one that is started", async (t) => {
  const server = await rawServer(t, () => undefined);
  const port = portTo(t, [server.url]);
  const asked = Promise.all(Array.from({ length: 100 }, () => port.send(query, never).then(outcome)));
  await sleep(100);
  await server.kill();
  server.behave(answers);
  await sleep(300);
  await server.start();
  assert.deepEqual(new Set(await asked), new Set(["{}"]));
  assert.equal(port.counters.retriesDenied, 0);
});

test("a service that was down for long, so that its breaker opened, is asked again as soon as it is back", async (t) => {
  const limits = { connectTimeout: 100, breakerPause: 60_000 };
  const server = await rawServer(t, answers);
  const port = portTo(t, [server.url], limits);
  await server.kill();
  const outcomes = await askSteadily(port, mutation, 400);
  assert.deepEqual(new Set(outcomes), new Set(["SERVICE_UNAVAILABLE"]));
  assert.equal(port.breakers[0]?.state, "open");
  assert.ok(port.counters.refusedByBreaker > 10, "not everybody waited");
  await server.start();
  const began = performance.now();
  while (port.breakers.some(({ state }) => state !== "closed") && performance.now() - began < 5_000) await sleep(10);
  assert.ok(performance.now() - began < 1_000, "not after its pause");
  assert.equal(outcome(await port.send(query, never)), "{}");
});

test("when all endpoints restart together whichever is back answers all who waited", async (t) => {
  const both = await Promise.all([rawServer(t, answers), rawServer(t, answers)]);
  const port = portTo(
    t,
    both.map(({ url }) => url),
  );
  await Promise.all(both.map((server) => server.kill()));
  const asking = askSteadily(port, mutation, 700);
  await sleep(400);
  await both[0]?.start();
  assert.deepEqual(new Set(await asking), new Set(["{}"]));
  assert.equal(port.breakers[0]?.state, "closed");
});

test("of those who wait for a service there may be four times as many as may be at it", async (t) => {
  const server = await rawServer(t, answers);
  const port = portTo(t, [server.url], { maxConcurrent: 10 });
  await server.kill();
  const asked = Array.from({ length: 50 }, () => port.send(mutation, never).then(outcome));
  // The first of them do not know yet that they have to wait.
  await sleep(200);
  const more = Array.from({ length: 50 }, () => port.send(mutation, never).then(outcome));
  await server.start();
  const outcomes = [...(await Promise.all(asked)), ...(await Promise.all(more))];
  assert.equal(outcomes.filter((each) => each === "{}").length, 40);
  assert.equal(port.counters.refusedByConcurrency, 60);
  assert.equal(outcome(await port.send(mutation, never)), "{}", "there is room again");
});

test("who waits for a service leaves when the client does, when the port ends, and not when the table changes", async (t) => {
  const server = await rawServer(t, answers);
  const port = portTo(t, [server.url], { connectTimeout: 2_000 });
  await server.kill();
  assert.equal(outcome(await port.send(mutation, AbortSignal.timeout(100))), "REQUEST_ABORTED");
  const waiting = port.send(mutation, never).then(outcome);
  port.setEndpoints(tableOf([]));
  await sleep(100);
  await server.start();
  assert.equal(await waiting, "{}");
  await server.kill();
  port.setEndpoints(tableOf([server.url]));
  const cut = port.send(mutation, never).then(outcome);
  await sleep(100);
  await port[Symbol.asyncDispose]();
  assert.equal(await cut, "SERVICE_UNAVAILABLE");
});
