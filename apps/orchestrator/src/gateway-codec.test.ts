import assert from "node:assert/strict";
import { test } from "node:test";
import { create, gatewayV1 } from "@catalyst-node/adapters/rpc";
import type { GatewayStatus } from "@catalyst-node/core/node";
import { decodeResults, decodeStatus } from "./gateway-decode.ts";
import { encodeConfigure, encodeStatus } from "./gateway-encode.ts";

const status: GatewayStatus = {
  instanceId: "one",
  version: "0.1.0",
  pid: 7,
  startedAt: 1_000,
  state: "ready",
  notReadyReasons: [],
  organization: "acme",
  node: "west",
  mode: "dev",
  sections: [{ section: "schema", revision: { epoch: 2, number: 3 }, digest: "d", appliedAt: 2_000 }],
  refusals: [
    {
      section: "endpoints",
      revision: { epoch: 2, number: 4 },
      digest: "e",
      refusedAt: undefined,
      problems: [{ code: "CAT-GATEWAY-001", path: "endpoints", message: "no" }],
    },
  ],
  listeners: [{ name: "graphql", url: "http://127.0.0.1:4000" }],
  counters: {
    operations: 1,
    operationsWithErrors: 2,
    operationsInFlight: 3,
    sectionsApplied: 4,
    sectionsRefused: 5,
    generations: 6,
    plannerRestarts: 7,
    refusals: { DEPTH_LIMIT_EXCEEDED: 3 },
    tokenRefusals: { "unknown-key": 2 },
    upstream: { retries: 1, retriesDenied: 2, breakerOpened: 3, refusedByBreaker: 4, refusedByConcurrency: 5 },
  },
  givenUpEndpoints: [{ service: "reviews", url: "http://h/graphql", since: 1_700_000_000_000, processes: 2 }],
  certificate: {
    certFile: "tls.crt",
    keyFile: "tls.key",
    fingerprint: "AB:CD",
    notBefore: 1_700_000_000_000,
    notAfter: 1_800_000_000_000,
    problems: [{ code: "CAT-CERTIFICATES-013", path: "tls.key", message: "another's" }],
  },
  workers: [
    { number: 1, pid: 8, state: "serving", restarts: 1, operations: 9 },
    { number: 2, pid: 0, state: "waiting", restarts: 2, operations: 0 },
  ],
};

test("a status survives the wire in both directions", () => {
  assert.deepEqual(decodeStatus(create(gatewayV1.GatewayStatusSchema, encodeStatus(status))), status);
});

test("what a gateway of another make tells is read with care", () => {
  assert.throws(() => decodeStatus(undefined), /no status/);
  const sections = [{ section: gatewayV1.Section.SCHEMA, revision: { epoch: 2n ** 63n, number: 1n } }];
  assert.throws(() => decodeStatus(create(gatewayV1.GatewayStatusSchema, { sections })), /out of range/);
  const unknown = create(gatewayV1.GatewayStatusSchema, {
    sections: [{ section: gatewayV1.Section.UNSPECIFIED }],
    notReadyReasons: [{ code: "E_STRANGE", path: "", message: "because" }],
  });
  const { sections: none, notReadyReasons } = decodeStatus(unknown);
  assert.deepEqual(none, []);
  assert.deepEqual(notReadyReasons, [{ code: "CAT-GATEWAY-UNKNOWN", path: "", message: "E_STRANGE because" }]);
});

test("only the sections that are given go out", () => {
  const request = create(
    gatewayV1.ConfigureRequestSchema,
    encodeConfigure(
      { epoch: 1, number: 2 },
      {
        endpoints: {
          digest: "d",
          services: [
            { service: "a", endpoints: [{ url: "http://a/", subscriptions: { protocol: "ws", url: "ws://a/s" } }] },
          ],
        },
      },
    ),
  );
  assert.equal(request.identity, undefined);
  assert.equal(request.schema, undefined);
  const [endpoint] = request.endpoints?.services[0]?.endpoints ?? [];
  assert.equal(endpoint?.url, "http://a/");
  assert.equal(endpoint.subscriptions?.protocol, gatewayV1.Subscriptions_Protocol.WS);
  assert.equal(endpoint.subscriptions.url, "ws://a/s");
  assert.deepEqual([request.revision?.epoch, request.revision?.number], [1n, 2n]);
});

test("outcomes are read, and one that is unknown is left out", () => {
  const { APPLIED } = gatewayV1.SectionResult_Outcome;
  const of = (outcome: gatewayV1.SectionResult_Outcome) =>
    create(gatewayV1.SectionResultSchema, { section: gatewayV1.Section.IDENTITY, outcome });
  assert.deepEqual(decodeResults([of(APPLIED), of(0)]), [{ section: "identity", outcome: "applied", problems: [] }]);
});
