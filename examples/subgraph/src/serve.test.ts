import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-ws";
import { createBroadcast } from "./broadcast.ts";
import { subgraphSchema } from "./schema.ts";
import { type Subgraph, serveSubgraph } from "./serve.ts";

const sdl = "type Query { hello: String } type Subscription { tick: Int }";
const ticks = createBroadcast<{ readonly tick: number }>(10);
let listening = ticks.listen();
const deadline = () => AbortSignal.timeout(5_000);

function serve(): Promise<Subgraph> {
  const resolvers = { Query: { hello: () => "world" }, Subscription: { tick: () => (listening = ticks.listen()) } };
  return serveSubgraph(subgraphSchema(sdl, resolvers, {}), { host: "127.0.0.1", port: 0 });
}

function post(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const all = { "content-type": "application/json", ...headers };
  return fetch(url, { method: "POST", body, headers: all, signal: deadline() });
}

test("a query is answered as JSON", async () => {
  await using service = await serve();
  const response = await post(service.url, '{"query":"{ hello }"}');
  assert.equal(response.status, 200);
  assert.equal(await response.text(), '{"data":{"hello":"world"}}');
});

test("an invalid query is 200 by the old media type and 400 by the new one", async () => {
  await using service = await serve();
  const body = '{"query":"{ helo }"}';
  const legacy = await post(service.url, body);
  const modern = await post(service.url, body, { accept: "application/graphql-response+json" });
  assert.deepEqual([legacy.status, modern.status], [200, 400]);
  assert.match(await modern.text(), /Cannot query field/);
});

test("what is not a GraphQL request is refused with its own status", async () => {
  await using service = await serve();
  const statuses = await Promise.all([
    fetch(service.url, { signal: deadline() }),
    fetch(new URL("/other", service.url), { signal: deadline() }),
    post(service.url, "not json"),
    post(service.url, '{"query":3}'),
    post(service.url, "{}", { "content-type": "text/plain" }),
    post(service.url, "x".repeat(2 * 1024 * 1024)).catch(() => ({ status: 413 })),
    post(service.url, '{"query":"subscription { tick }"}'),
  ]);
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [405, 404, 400, 400, 415, 413, 406],
  );
});

test("a subscription streams its events, and the client's leaving ends it", { timeout: 30_000 }, async () => {
  await using service = await serve();
  const response = await post(service.url, '{"query":"subscription { tick }"}', { accept: "text/event-stream" });
  ticks.publish({ tick: 7 });
  const reader = response.body?.getReader();
  const first = await reader?.read();
  assert.equal(Buffer.from(first?.value ?? []).toString(), 'event: next\ndata: {"data":{"tick":7}}\n\n');
  await reader?.cancel();
  assert.equal((await listening.next()).done, true);
});

test("a subscription is served over a WebSocket too, and its completion ends it", { timeout: 30_000 }, async () => {
  await using service = await serve();
  const client = createClient({ url: service.url.replace("http", "ws"), webSocketImpl: WebSocket, retryAttempts: 0 });
  const events = client.iterate({ query: "subscription { tick }" });
  // Whoever does not listen yet misses what is told.
  const telling = setInterval(() => ticks.publish({ tick: 8 }), 20);
  assert.deepEqual((await events.next()).value, { data: { tick: 8 } });
  clearInterval(telling);
  await events.return?.();
  for await (const _ of listening);
});

test("a WebSocket at another path is refused", { timeout: 30_000 }, async () => {
  await using service = await serve();
  const socket = new WebSocket(service.url.replace("http", "ws").replace("graphql", "other"), "graphql-transport-ws");
  await new Promise((settle) => socket.addEventListener("error", settle));
});
