import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { gatewayV1 } from "@catalyst-node/adapters/rpc";
import { eventually } from "../../../tests/support/process.ts";
import { Clients } from "./testing/clients.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { books, depths, desired } from "./testing/subgraphs.ts";

const deadline = { timeout: 60_000 };
const { SERVING } = gatewayV1.WorkerStatus_State;
const levels = (count: number): string => `{ ${"deep {".repeat(count - 1)} n ${"}".repeat(count - 1)} }`;
const codeOf = async (gateway: Gateway, query: string) =>
  (await gateway.ask(query)).errors?.[0]?.extensions?.["code"] ?? "none";

test("limits hold by default, change by a push, and count whom they turn away", deadline, async () => {
  await using gateway = await Gateway.start();
  await using deep = await depths();
  const { status } = await gateway.configure({ identity: acme, ...desired([deep]) });
  assert.equal(status?.state, gatewayV1.GatewayStatus_State.READY, "without a word about limits");
  assert.equal(await codeOf(gateway, levels(12)), "none");
  assert.equal(await codeOf(gateway, levels(13)), "DEPTH_LIMIT_EXCEEDED");

  const { outcomes } = await gateway.configure({ limits: { requests: { maxDepth: 13 } } });
  assert.deepEqual(outcomes, { limits: "applied" });
  assert.equal(await codeOf(gateway, levels(13)), "none", "what was judged by the former limit is judged anew");
  assert.equal(await codeOf(gateway, levels(14)), "DEPTH_LIMIT_EXCEEDED");
  assert.deepEqual((await gateway.status()).counters?.refusals, { DEPTH_LIMIT_EXCEEDED: 2n });
});

test("limits out of range are refused, each with its place, and the last good ones stay", deadline, async () => {
  await using gateway = await Gateway.start();
  await using deep = await depths();
  const limits = { requests: { maxDepth: 5 } };
  await gateway.configure({ identity: acme, ...desired([deep]), limits });
  const { results, outcomes } = await gateway.configure({
    limits: { requests: { maxDepth: 6, maxFields: 0, maxBody: 2 ** 31 }, upstream: { retryBudget: 101 } },
  });
  assert.deepEqual(outcomes, { limits: "refused" });
  assert.deepEqual(
    results[0]?.problems.map(({ code, path }) => `${code} ${path}`),
    ["requests.maxBody", "requests.maxFields", "upstream.retryBudget"].map((key) => `CAT-GATEWAY-060 limits.${key}`),
  );
  assert.equal(await codeOf(gateway, levels(6)), "DEPTH_LIMIT_EXCEEDED");
});

test("every worker has the limits, one that came later too, and their counts are told as one", deadline, async () => {
  await using gateway = await Gateway.start(["--workers", "2"]);
  await using deep = await depths();
  await gateway.configure({ identity: acme, ...desired([deep]), limits: { requests: { maxDepth: 3 } } });
  const refused = async (): Promise<void> => {
    for (let time = 0; time < 4; time += 1) assert.equal(await codeOf(gateway, levels(4)), "DEPTH_LIMIT_EXCEEDED");
  };
  await refused();
  const [first] = (await gateway.status()).workers;
  assert.ok(first !== undefined);
  process.kill(first.pid, "SIGKILL");
  const isReplaced = ({ workers }: gatewayV1.GatewayStatus): boolean =>
    workers.every(({ state, pid }) => state === SERVING && pid !== first.pid);
  await eventually(() => gateway.status(), isReplaced, { within: 30_000 });
  await refused();
  const { counters } = await gateway.status();
  // What a killed one had counted is known up to a second before.
  assert.ok((counters?.refusals["DEPTH_LIMIT_EXCEEDED"] ?? 0n) >= 4n);
});

test("what dev mode opens can be opened in production, and shut in dev mode, one by one", deadline, async () => {
  await using gateway = await Gateway.start();
  await using book = await books("dune");
  const introspection = "{ __schema { queryType { name } } }";
  const byGet = async () => (await fetch(`${gateway.graphql}?query={dune}`)).status;
  const page = async () => (await fetch(gateway.graphql, { headers: { accept: "text/html" } })).status;
  const suggests = async () => JSON.stringify(await gateway.ask("{ dun }")).includes("Did you mean");
  const open = { introspection: true, queriesByGet: true, graphiql: true, suggestions: true };
  await gateway.configure({ identity: { ...acme, ...open }, ...desired([book]) });
  assert.equal(await codeOf(gateway, introspection), "none");
  assert.deepEqual([await byGet(), await page(), await suggests()], [200, 200, true]);

  const shut = { introspection: false, queriesByGet: false, graphiql: false, suggestions: false };
  await gateway.configure({ identity: { ...acme, mode: gatewayV1.Mode.DEV, ...shut } });
  assert.equal(await codeOf(gateway, introspection), "GRAPHQL_VALIDATION_FAILED");
  assert.deepEqual([await byGet(), await page(), await suggests()], [405, 405, false]);
});

test("an answer that is too long, and one that takes too long, are told and counted", deadline, async () => {
  await using gateway = await Gateway.start();
  await using slow = createServer((request, response) => {
    request.resume();
    response.setHeader("content-type", "application/json");
    setTimeout(() => response.end(JSON.stringify({ data: { dune: "x".repeat(2_000) } })), 300);
  }).listen(0, "127.0.0.1");
  await once(slow, "listening");
  await using book = await books("dune");
  const address = slow.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const { schema } = desired([book]);
  const endpoints = { services: [{ service: book.name, endpoints: [{ url: `http://127.0.0.1:${port}/graphql` }] }] };
  const requests = { maxResponse: 1_000 };
  await gateway.configure({ identity: acme, schema, endpoints, limits: { requests } });
  assert.equal(await codeOf(gateway, "{ dune }"), "RESPONSE_TOO_LARGE");
  await gateway.configure({ limits: { requests: { requestTimeout: 100 } } });
  assert.equal(await codeOf(gateway, "{ dune }"), "DEADLINE_EXCEEDED");
  assert.deepEqual((await gateway.status()).counters?.refusals, { RESPONSE_TOO_LARGE: 1n, DEADLINE_EXCEEDED: 1n });
});

test(
  "a gateway that is late with all it does turns requests away, and answers who asks for its health",
  deadline,
  async () => {
    await using gateway = await Gateway.start();
    await using book = await books("dune");
    await gateway.configure({ identity: acme, ...desired([book]), limits: { requests: { maxLoopDelay: 1 } } });
    await using clients = new Clients(gateway.graphql, 100, "{ dune }", '{"data":{"dune":"dune"}}');
    const turnedAway = await eventually(
      async () => clients.wrong.find((answer) => answer.startsWith("503")),
      (answer) => answer !== undefined,
      { within: 30_000 },
    );
    assert.match(turnedAway ?? "", /OVERLOADED/);
    assert.equal((await gateway.probe("/livez")).status, 200);
    assert.equal((await gateway.probe("/readyz")).status, 200);
    await clients.stop();
    assert.ok(((await gateway.status()).counters?.refusals["OVERLOADED"] ?? 0n) > 0n);
    await gateway.configure({ limits: { requests: { maxLoopDelay: 0 } } });
    assert.equal((await gateway.ask("{ dune }")).status, 200);
  },
);
