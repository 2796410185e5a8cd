import assert from "node:assert/strict";
import { test } from "node:test";
import { adminV1, authV1, create, gatewayV1, orchestratorV1, timestampFromDate } from "@catalyst-node/adapters/rpc";
import { renderTable } from "../table.ts";
import { gatewayDetail, gatewayItem } from "./gateway.ts";
import { keyColumns, keyItem } from "./key.ts";
import { revocationItem, revocationText } from "./revocation.ts";
import { routeColumns, routeItem } from "./route.ts";
import { serviceColumns, serviceDetail, serviceItem } from "./service.ts";
import { statusItem, statusText } from "./status.ts";
import { tokenColumns, tokenItem } from "./token.ts";

const now = new Date("2026-11-24T12:00:00Z");
const ago = (seconds: number) => timestampFromDate(new Date(now.getTime() - seconds * 1_000));
const narrow = { wide: false, color: false };

const reviews = create(orchestratorV1.ServiceSchema, {
  key: "acme/west/reviews",
  name: "reviews",
  url: "http://127.0.0.1:4002/graphql",
  state: orchestratorV1.Service_State.STALE,
  schemaSource: orchestratorV1.Service_SchemaSource.FEDERATION,
  sdlSha256: "ab".repeat(32),
  sdlBytes: 512n,
  fetchedAt: ago(65),
  failures: 3,
  problems: [
    { code: "CAT-SERVICE-001", path: "services[reviews]", message: "connection refused" },
    { code: "CAT-SERVICE-002", path: "", message: "second" },
  ],
});

test("the table of services tells each state with its reason", () => {
  const pending = create(orchestratorV1.ServiceSchema, { name: "new", state: orchestratorV1.Service_State.PENDING });
  const items = [reviews, pending].map((service) => serviceItem(service, now));
  assert.equal(
    renderTable(serviceColumns, items, narrow),
    [
      "NAME     STATE    SCHEMA      FETCHED  URL                            REASON",
      "reviews  stale    federation  1m5s     http://127.0.0.1:4002/graphql  CAT-SERVICE-001 services[reviews]: connection refused (and 1 more)",
      "new      pending  unknown     never",
      "",
    ].join("\n"),
  );
});

test("a service in JSON has words for enums, ISO times, numbers, and never", () => {
  const item = serviceItem(reviews, now);
  assert.deepEqual(
    [item.state, item.schemaSource, item.fetchedAt, item.attemptedAt, item.sdlBytes],
    ["stale", "federation", "2026-11-24T11:58:55.000Z", "never", 512],
  );
});

test("a service in detail shows every problem", () => {
  assert.equal(serviceDetail(serviceItem(reviews, now)).match(/^Problem:/gm)?.length, 2);
});

test("the table of routes tells why a route is not used", () => {
  const route = create(orchestratorV1.RouteSchema, {
    key: "acme/west/reviews",
    origin: orchestratorV1.Route_Origin.LOCAL,
    url: "http://h/graphql",
    reasons: [{ code: "CAT-SUPERGRAPH-001", path: "reviews", message: "breaks" }],
  });
  assert.match(
    renderTable(routeColumns, [routeItem(route)], narrow),
    /^acme\/west\/reviews {2}local {3}no {4}no {5}http:\/\/h\/graphql {2}CAT-SUPERGRAPH-001 reviews: breaks$/m,
  );
});

test("a gateway that was never reached says never, and is not in sync", () => {
  const view = create(orchestratorV1.GatewayViewSchema, {
    address: "unix:/run/gateway.sock",
    connection: orchestratorV1.GatewayView_Connection.CONNECTING,
  });
  const text = gatewayDetail(gatewayItem(view, now));
  assert.match(text, /^Acknowledged: {2}never$/m);
  assert.match(text, /^In sync: {7}no$/m);
});

test("a refused section stands in the gateway's detail with its problem", () => {
  const view = create(orchestratorV1.GatewayViewSchema, {
    acknowledgedAt: ago(2),
    status: {
      state: gatewayV1.GatewayStatus_State.READY,
      counters: {
        operations: 7n,
        operationsInFlight: 1,
        refusals: { DEPTH_LIMIT_EXCEEDED: 3n },
        tokenRefusals: { expired: 4n },
        upstream: { retries: 2n },
      },
      givenUpEndpoints: [{ service: "reviews", url: "http://h/graphql", since: ago(4), processes: 1 }],
      certificate: {
        certFile: "tls.crt",
        notAfter: ago(-60),
        problems: [{ code: "CAT-CERTIFICATES-013", path: "tls.key", message: "not its key" }],
      },
      workers: [
        { number: 1, pid: 41, state: gatewayV1.WorkerStatus_State.SERVING, restarts: 1n, operations: 7n },
        { number: 2, state: gatewayV1.WorkerStatus_State.WAITING, restarts: 3n },
      ],
      refusals: [
        { section: gatewayV1.Section.SCHEMA, problems: [{ code: "CAT-GATEWAY-001", path: "schema", message: "bad" }] },
      ],
    },
  });
  const text = gatewayDetail(gatewayItem(view, now));
  assert.match(text, /^Acknowledged: +2s ago$/m);
  assert.match(text, /^Refused: +schema: CAT-GATEWAY-001 schema: bad$/m);
  assert.match(text, /^Operations in flight: +1$/m);
  assert.match(text, /^Retries: +2$/m);
  assert.match(text, /^Certificate: +tls\.crt, valid until 2026-11-24T12:01:00\.000Z$/m);
  assert.match(text, /^Certificate: +CAT-CERTIFICATES-013 tls\.key: not its key$/m);
  assert.match(text, /^Turned away: +3 DEPTH_LIMIT_EXCEEDED$/m);
  assert.match(text, /^Token refused: +4 expired$/m);
  assert.match(text, /^Given up: +reviews http:\/\/h\/graphql since \d{4}-/m);
  assert.match(text, /^Worker: +1 serving, pid 41, 7 operations, replaced 1 times$/m);
  assert.match(text, /^Worker: +2 waiting, 0 operations, replaced 3 times$/m);
});

test("the status tells who signs, by which keys, and whom the gateway answers", () => {
  const status = create(orchestratorV1.NodeStatusSchema, {
    auth: {
      connected: true,
      issuer: "urn:catalyst:acme",
      kids: ["k1", "k2"],
      revocations: 3,
      status: {
        ready: true,
        keys: [
          { kid: "k1", state: authV1.Key_State.ACTIVE },
          { kid: "k2", state: authV1.Key_State.PREPARED },
        ],
      },
    },
    trust: {
      mode: gatewayV1.TrustSection_Mode.REQUIRED,
      audience: "acme/west",
      issuers: [{ issuer: "urn:catalyst:acme" }],
    },
  });
  const item = statusItem(status, now);
  const text = statusText(item, narrow);
  assert.match(text, /^Tokens: +required, for acme\/west, of 1 issuer$/m);
  assert.match(text, /^Auth: +connected, issuer urn:catalyst:acme, 3 revocations$/m);
  assert.match(text, /^Key: +k1 active$/m);
  assert.match(text, /^Key: +k2 prepared$/m);
  assert.deepEqual(
    item.auth?.status?.keys.map(({ state }) => state),
    ["active", "prepared"],
  );
});

test("the status of a node without auth says that it signs nothing", () => {
  assert.match(statusText(statusItem(create(orchestratorV1.NodeStatusSchema), now), narrow), /^Auth: +none: /m);
});

test("a token in the list is good, expired or revoked, and tells when it ends", () => {
  const token = { jti: "j1", subject: "robot", audience: "acme/west", scope: ["read"], issuedAt: ago(60) };
  const items = [
    { ...token, expiresAt: ago(-840) },
    { ...token, expiresAt: ago(5) },
    { ...token, expiresAt: ago(-840), revokedAt: ago(1) },
  ].map((each) => tokenItem(create(authV1.IssuedTokenSchema, each), now));
  assert.equal(
    renderTable(tokenColumns, items, narrow),
    [
      "JTI  STATE    SUBJECT  AUDIENCE   SCOPE  EXPIRES  NAME",
      "j1   good     robot    acme/west  read   in 14m",
      "j1   expired  robot    acme/west  read   5s ago",
      "j1   revoked  robot    acme/west  read   in 14m",
      "",
    ].join("\n"),
  );
});

test("the table of keys tells each state and what comes next", () => {
  const { PREPARED, ACTIVE, RETIRING } = authV1.Key_State;
  const items = [
    { kid: "k1", state: ACTIVE, createdAt: ago(60) },
    { kid: "k2", state: PREPARED, createdAt: ago(60), nextAt: ago(-1_500) },
    { kid: "k3", state: RETIRING, createdAt: ago(60), nextAt: ago(1) },
  ].map((key) => keyItem(create(authV1.KeySchema, key), now));
  assert.match(renderTable(keyColumns, items, narrow), /^k1 +active +2026-\S+ +retires when asked to$/m);
  assert.match(renderTable(keyColumns, items, narrow), /^k2 +prepared +2026-\S+ +signs in 25m$/m);
  assert.match(renderTable(keyColumns, items, narrow), /^k3 +retiring +2026-\S+ +is removed now$/m);
});

test("a revocation tells whether the gateway knows it already", () => {
  const revocation = { what: { case: "jti", value: "j1" }, revokedAt: ago(0), reason: "lost" } as const;
  const told = (effective: boolean) =>
    revocationText(revocationItem(create(adminV1.RevokeResponseSchema, { revocation, effective })));
  assert.match(told(true), /^Revoked: +jti j1\n(?:.*\n)*Effective: +yes/);
  assert.match(told(false), /^Effective: +not yet/m);
});

test("the status says not ready and why, whatever is configured", () => {
  const status = create(orchestratorV1.NodeStatusSchema, {
    organization: "acme",
    node: "west",
    reasons: [{ code: "CAT-NODE-001", path: "gateway", message: "not acknowledged" }],
    services: { total: 3, serving: 2, quarantined: 1 },
    startedAt: ago(10),
    gateway: {
      connection: orchestratorV1.GatewayView_Connection.CONNECTING,
      status: { workers: [{ state: gatewayV1.WorkerStatus_State.SERVING }, {}] },
    },
  });
  const text = statusText(statusItem(status, now), narrow);
  assert.match(text, /^State: +not ready$/m);
  assert.match(text, /^Reason: +CAT-NODE-001 gateway: not acknowledged$/m);
  assert.match(text, /^Services: +2 of 3 serving, 1 quarantined$/m);
  assert.match(text, /^Gateway: +connecting, not in sync, never acknowledged, 1 of 2 workers serving$/m);
});
