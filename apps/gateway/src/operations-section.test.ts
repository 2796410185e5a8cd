import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayV1 } from "@catalyst-node/adapters/rpc";
import { eventually } from "../../../tests/support/process.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { books, desired } from "./testing/subgraphs.ts";

const deadline = { timeout: 90_000 };
const { OFF, PREFER, ONLY } = gatewayV1.OperationsSection_Mode;
const { SERVING } = gatewayV1.WorkerStatus_State;
const operations = [{ id: "dune", body: "{ dune }" }];

/** The data of an operation that is asked by its id, or the code of its error. */
async function byId(gateway: Gateway, id: string): Promise<unknown> {
  const response = await fetch(gateway.graphql, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } }),
    signal: AbortSignal.timeout(15_000),
  });
  const { data, errors } = Object(await response.json());
  return errors?.[0]?.extensions?.code ?? data;
}

async function byText(gateway: Gateway, text: string): Promise<unknown> {
  const { data, errors } = await gateway.ask(text);
  return errors?.[0]?.extensions?.["code"] ?? data;
}

test("registered operations are a section of their own, and whom they turn away is counted", deadline, async () => {
  await using gateway = await Gateway.start();
  await using book = await books("dune");
  const { status } = await gateway.configure({ identity: acme, ...desired([book]) });
  assert.equal(status?.state, gatewayV1.GatewayStatus_State.READY, "without a word about them");
  assert.equal(await byId(gateway, "dune"), "PERSISTED_QUERY_NOT_SUPPORTED");

  const { outcomes } = await gateway.configure({ operations: { digest: "a", mode: PREFER, operations } });
  assert.deepEqual(outcomes, { operations: "applied" });
  assert.deepEqual(await byId(gateway, "dune"), { dune: "dune" });
  assert.equal(await byId(gateway, "solaris"), "PERSISTED_OPERATION_NOT_FOUND");
  assert.deepEqual(await byText(gateway, "{ __typename }"), { __typename: "Query" });

  const again = await gateway.configure({ operations: { digest: "a", mode: PREFER, operations } });
  assert.deepEqual(again.outcomes, { operations: "unchanged" });
  await gateway.configure({ operations: { digest: "b", mode: ONLY, operations } });
  assert.equal(await byText(gateway, "{ __typename }"), "PERSISTED_OPERATION_REQUIRED");
  assert.deepEqual(await byText(gateway, "{ dune }"), { dune: "dune" });

  await gateway.configure({ operations: { digest: "c", mode: OFF } });
  assert.deepEqual(await byText(gateway, "{ __typename }"), { __typename: "Query" });
  assert.deepEqual((await gateway.status()).counters?.refusals, {
    PERSISTED_QUERY_NOT_SUPPORTED: 1n,
    PERSISTED_OPERATION_NOT_FOUND: 1n,
    PERSISTED_OPERATION_REQUIRED: 1n,
  });
});

test("operations without a text, or an id of their own, are refused; the last good ones stay", deadline, async () => {
  await using gateway = await Gateway.start();
  await using book = await books("dune");
  await gateway.configure({ identity: acme, ...desired([book]), operations: { mode: PREFER, operations } });
  const bad = [
    ...operations,
    ...operations,
    { id: "", body: "{ a }" },
    { id: "e", body: "" },
    { id: "x".repeat(257), body: "b" },
  ];
  const refused = await gateway.configure({ operations: { mode: ONLY, operations: bad } });
  assert.deepEqual(
    refused.results[0]?.problems.map(({ code, path }) => `${code} ${path}`),
    [1, 2, 3, 4].map((index) => `CAT-GATEWAY-070 operations.operations[${index}]`),
  );
  const many = Array.from({ length: 10_001 }, (_, index) => ({ id: `${index}`, body: "{ a }" }));
  const large = [{ id: "a", body: "x".repeat(4 * 1024 * 1024) }];
  for (const tooMuch of [many, large]) {
    const { results } = await gateway.configure({ operations: { mode: ONLY, operations: tooMuch } });
    assert.deepEqual(
      results[0]?.problems.map(({ code }) => code),
      ["CAT-GATEWAY-071"],
    );
  }
  assert.deepEqual(await byId(gateway, "dune"), { dune: "dune" });
  assert.deepEqual(await byText(gateway, "{ __typename }"), { __typename: "Query" }, "the mode stays too");
});

test(
  "an operation that no schema fits any more is an error of its own, and comes back with its schema",
  deadline,
  async () => {
    await using gateway = await Gateway.start();
    await using dune = await books("dune");
    await using solaris = await books("solaris");
    await gateway.configure({ identity: acme, ...desired([solaris]), operations: { mode: ONLY, operations } });
    assert.equal(await byId(gateway, "dune"), "GRAPHQL_VALIDATION_FAILED");
    await gateway.configure(desired([dune]));
    assert.deepEqual(await byId(gateway, "dune"), { dune: "dune" });
  },
);

test("every worker knows them, one that came later too", deadline, async () => {
  await using gateway = await Gateway.start(["--workers", "2"]);
  await using book = await books("dune");
  const limits = { requests: { maxLoopDelay: 0 } };
  await gateway.configure({ identity: acme, ...desired([book]), limits, operations: { mode: ONLY, operations } });
  const answered = async (): Promise<void> => {
    for (let time = 0; time < 4; time += 1) {
      assert.deepEqual(await byId(gateway, "dune"), { dune: "dune" });
      assert.equal(await byText(gateway, "{ __typename }"), "PERSISTED_OPERATION_REQUIRED");
    }
  };
  await answered();
  const [first] = (await gateway.status()).workers;
  assert.ok(first !== undefined);
  process.kill(first.pid, "SIGKILL");
  await eventually(
    () => gateway.status(),
    ({ workers }) => workers.every(({ state, pid }) => state === SERVING && pid !== first.pid),
    { within: 30_000 },
  );
  await answered();
});
