import assert from "node:assert/strict";
import { test } from "node:test";
import { mutation, never, type OnRequest, outcome, portTo, query, rawServer, response } from "./testing/raw-server.ts";

/** Answers one request so, and all others well. */
function once(bytes: string | undefined): OnRequest {
  let isFirst = true;
  return (socket) => {
    if (!isFirst) return void socket.write(response(200));
    isFirst = false;
    if (bytes === undefined) socket.resetAndDestroy();
    else socket.write(bytes);
  };
}

const repeated: readonly (readonly [string, string | undefined])[] = [
  ["502", response(502)],
  ["503", response(503)],
  ["504 as HTML", response(504, "<h1>late</h1>", "content-type: text/html\r\n")],
  ["503 with a Retry-After of none", response(503, "", "retry-after: 0\r\n")],
  ["503 with a Retry-After that has passed", response(503, "", "retry-after: Tue, 24 Nov 2020 12:00:00 GMT\r\n")],
  ["a reset before any answer", undefined],
];

for (const [what, bytes] of repeated) {
  test(`after ${what} a query is asked once more, a mutation never`, async (t) => {
    const server = await rawServer(t, once(bytes));
    const port = portTo(t, [server.url]);
    assert.equal(outcome(await port.send(query, never)), "{}");
    assert.equal(server.requests(), 2);
    assert.equal(port.counters.retries, 1);
    server.behave(once(bytes));
    assert.equal(outcome(await port.send(mutation, never)), "SERVICE_UNAVAILABLE");
    assert.equal(server.requests(), 3);
  });
}

const single: readonly (readonly [string, string, string])[] = [
  ["500", response(500), "SERVICE_BAD_RESPONSE"],
  ["429", response(429), "SERVICE_BAD_RESPONSE"],
  ["GraphQL errors under 503", response(503, `{"errors":[]}`), `{"errors":[]}`],
  ["503 that asks for 2 s", response(503, "", "retry-after: 2\r\n"), "SERVICE_UNAVAILABLE"],
  [
    "503 that asks for a far date",
    response(503, "", "retry-after: Tue, 24 Nov 2099 12:00:00 GMT\r\n"),
    "SERVICE_UNAVAILABLE",
  ],
];

for (const [what, bytes, expected] of single) {
  test(`after ${what} no query is asked again`, async (t) => {
    const server = await rawServer(t, (socket) => socket.write(bytes));
    assert.equal(outcome(await portTo(t, [server.url]).send(query, never)), expected);
    assert.equal(server.requests(), 1);
  });
}

test("a query that is not answered in time, or broken off in mid-answer, is not asked again", async (t) => {
  const server = await rawServer(t, () => undefined);
  const port = portTo(t, [server.url], { tryTimeout: 100 });
  assert.equal(outcome(await port.send(query, never)), "SERVICE_TIMEOUT");
  server.behave((socket) =>
    socket.end("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"),
  );
  assert.equal(outcome(await port.send(query, never)), "SERVICE_UNAVAILABLE");
  assert.equal(server.requests(), 2);
});

test("a Retry-After of a second is waited for", async (t) => {
  const server = await rawServer(t, once(response(503, "", "retry-after: 1\r\n")));
  const began = performance.now();
  assert.equal(outcome(await portTo(t, [server.url]).send(query, never)), "{}");
  assert.ok(performance.now() - began >= 1_000);
});

test("a query is asked twice at most", async (t) => {
  const server = await rawServer(t, (socket) => socket.write(response(503)));
  assert.equal(outcome(await portTo(t, [server.url]).send(query, never)), "SERVICE_UNAVAILABLE");
  assert.equal(server.requests(), 2);
});

test("a query is asked again at the next endpoint, when there is one", async (t) => {
  const bad = await rawServer(t, (socket) => socket.write(response(503)));
  const good = await rawServer(t, (socket) => socket.write(response(200)));
  assert.equal(outcome(await portTo(t, [bad.url, good.url]).send(query, never)), "{}");
  assert.deepEqual([bad.requests(), good.requests()], [1, 1]);
});

test("a client that leaves while its query waits to be asked again is let go", async (t) => {
  const server = await rawServer(t, (socket) => socket.write(response(503, "", "retry-after: 1\r\n")));
  const port = portTo(t, [server.url]);
  assert.equal(outcome(await port.send(query, AbortSignal.timeout(200))), "REQUEST_ABORTED");
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  assert.equal(server.requests(), 1);
});

test("a service that fails on and on gets a fifth more than was asked of it, and ten", async (t) => {
  const server = await rawServer(t, (socket) => socket.write(response(503)));
  const port = portTo(t, [server.url], { breakerFailures: 0, maxConcurrent: 1_000 });
  await Promise.all(Array.from({ length: 500 }, () => port.send(query, never)));
  const { retries, retriesDenied } = port.counters;
  assert.equal(server.requests(), 500 + retries);
  assert.equal(retries + retriesDenied, 500);
  assert.ok(retries >= 100 && retries <= 111, `${retries} were repeated`);
});

test("with a budget of 0 nothing is asked again, not even over a kept connection that ended", async (t) => {
  const server = await rawServer(t, once(response(503)));
  const port = portTo(t, [server.url], { retryBudget: 0 });
  assert.equal(outcome(await port.send(query, never)), "SERVICE_UNAVAILABLE");
  assert.equal(outcome(await port.send(query, never)), "{}");
  server.behave((socket) => socket.resetAndDestroy());
  assert.equal(outcome(await port.send(query, never)), "SERVICE_UNAVAILABLE");
  assert.equal(server.requests(), 3);
});

test("equal queries of two clients are two requests: what one may see is not the other's to see", async (t) => {
  const server = await rawServer(t, (socket) => setTimeout(() => socket.write(response(200)), 50));
  const port = portTo(t, [server.url]);
  await Promise.all([port.send(query, never), port.send(query, never)]);
  assert.equal(server.requests(), 2);
});
