import assert from "node:assert/strict";
import { test } from "node:test";
import { authV1, create, gatewayV1, orchestratorV1, timestampFromDate } from "@catalyst-node/adapters/rpc";
import { serviceItem } from "../views/service.ts";
import { type StatusItem, statusItem } from "../views/status.ts";
import { type Check, type Facts, type Probe, checks } from "./checks.ts";
import { renderChecks } from "./render.ts";

const now = new Date("2026-11-24T12:00:00Z");

const healthy: Facts = {
  api: "http://127.0.0.1:4100",
  version: "1.0.0",
  status: statusItem(
    create(orchestratorV1.NodeStatusSchema, {
      organization: "acme",
      node: "west",
      version: "1.0.0",
      ready: true,
      gateway: {
        address: "unix:/g.sock",
        connection: orchestratorV1.GatewayView_Connection.CONNECTED,
        acknowledgedAt: timestampFromDate(now),
        inSync: true,
        status: {
          state: gatewayV1.GatewayStatus_State.READY,
          mode: gatewayV1.Mode.PRODUCTION,
          sections: [{ section: gatewayV1.Section.SCHEMA, digest: "d1" }, { section: gatewayV1.Section.TRUST }],
        },
      },
      auth: {
        address: "unix:/a.sock",
        embedded: true,
        connected: true,
        kids: ["k1"],
        status: {
          ready: true,
          keys: [
            { kid: "k1", state: authV1.Key_State.ACTIVE, nextAt: timestampFromDate(new Date(now.getTime() + 5_000)) },
          ],
        },
      },
      trust: {
        mode: gatewayV1.TrustSection_Mode.REQUIRED,
        audience: "acme/west",
        issuers: [{ issuer: "urn:catalyst:acme", kids: ["k1"] }],
      },
    }),
    now,
  ),
  services: [service(orchestratorV1.Service_State.SERVING)],
  schema: { digest: "d1", bytes: 100 },
  probe: { kind: "unauthenticated", url: "http://127.0.0.1:4000/graphql", ms: 3 },
};

function service(state: orchestratorV1.Service_State, message = "") {
  const problems = message === "" ? [] : [{ code: "CAT-SERVICE-001", path: "reviews", message }];
  return serviceItem(create(orchestratorV1.ServiceSchema, { name: "reviews", state, problems }), now);
}

/** The outcomes that are not ok, as "category outcome: reason". */
function findings(facts: Facts): readonly string[] {
  return checks(facts)
    .filter(({ outcome }) => outcome !== "ok")
    .map(({ category, outcome, reason }) => `${category} ${outcome}: ${reason}`);
}

test("nothing is wrong with a healthy node", () => {
  assert.deepEqual(findings(healthy), []);
});

test("a quarantined service is an error that carries its reason", () => {
  const services = [service(orchestratorV1.Service_State.QUARANTINED, "does not parse")];
  assert.deepEqual(findings({ ...healthy, services }), ["services error: CAT-SERVICE-001 reviews: does not parse"]);
});

test("a certificate that clients refuse, or that cannot be taken, is an error of the gateway", () => {
  const pair = { certFile: "tls.crt", keyFile: "tls.key", fingerprint: "AB", notBefore: "2026-01-01T00:00:00.000Z" };
  const certificate = { ...pair, notAfter: "2026-12-01T00:00:00.000Z", problems: [] };
  const { gateway } = healthy.status;
  assert.ok(gateway?.status);
  const withCertificate = (problems: NonNullable<typeof gateway.status.certificate>["problems"]): Facts => ({
    ...healthy,
    status: {
      ...healthy.status,
      gateway: {
        ...gateway,
        status: { ...gateway.status, certificate: { ...certificate, problems } },
      } as typeof gateway,
    },
  });
  assert.deepEqual(findings(withCertificate([])), []);
  const problem = { code: "CAT-CERTIFICATES-013", path: "tls.key", message: "not its key" };
  assert.deepEqual(findings(withCertificate([problem])), ["gateway error: CAT-CERTIFICATES-013 tls.key: not its key"]);
});

test("a stale service works, so it is a warning", () => {
  const services = [service(orchestratorV1.Service_State.STALE, "refused")];
  assert.deepEqual(findings({ ...healthy, services }), ["services warning: CAT-SERVICE-001 reviews: refused"]);
});

test("a gateway that acknowledged long ago is an error although it is still said to be connected", () => {
  const status = {
    ...healthy.status,
    gateway: healthy.status.gateway && { ...healthy.status.gateway, secondsSinceAcknowledged: 95 },
  };
  assert.deepEqual(findings({ ...healthy, status }), ["gateway error: The last time was 1m35s ago."]);
});

test("a gateway that serves another schema than the composed one is an error", () => {
  assert.deepEqual(findings({ ...healthy, schema: { digest: "d2", bytes: 100 } }), [
    "schema error: It serves another one.",
  ]);
});

test("a query that fails is an error, whatever the status says", () => {
  const probe = { kind: "failed", url: "http://127.0.0.1:4000/graphql", reason: "It answered 503" } as const;
  assert.deepEqual(findings({ ...healthy, probe }), ["gateway error: It answered 503"]);
});

test("a node without services is a warning", () => {
  const facts = { ...healthy, services: [], schema: { digest: "", bytes: 0 } };
  assert.deepEqual(findings(facts), [
    "services warning: The node publishes nothing.",
    "schema warning: No service is in it.",
  ]);
});

/** The healthy node with another identity. */
function withIdentity(change: Partial<Pick<StatusItem, "auth" | "trust">>): Facts {
  return { ...healthy, status: { ...healthy.status, ...change } };
}

test("a gateway that answers without a token what it was told to refuse is an error", () => {
  const probe = { ...healthy.probe, kind: "answered" } as Probe;
  const url = "http://127.0.0.1:4000/graphql";
  assert.deepEqual(findings({ ...healthy, probe }), [`identity error: ${url} answered one.`]);
});

test("a gateway in production that asks for no token is a warning that says what to set", () => {
  const { trust } = healthy.status;
  assert.ok(trust);
  for (const mode of ["off", "optional"]) {
    const found: Check | undefined = checks(withIdentity({ trust: { ...trust, mode } })).find(
      ({ outcome }) => outcome !== "ok",
    );
    assert.deepEqual([found?.category, found?.outcome], ["identity", "warning"]);
    assert.match(found?.hint ?? "", /gateway\.auth\.mode to "required"/);
  }
});

test("an issuer without a key is a warning", () => {
  const { trust } = healthy.status;
  assert.ok(trust);
  const issuers = [...trust.issuers, { issuer: "urn:partner", kids: [] }];
  assert.deepEqual(findings(withIdentity({ trust: { ...trust, issuers } })), [
    "identity warning: No key of it is known.",
  ]);
});

test("auth that does not answer is a warning while a key of it is known, and an error before", () => {
  const { auth } = healthy.status;
  assert.ok(auth);
  const problems = [{ code: "CAT-RPC-010", path: "auth", message: "gone" }];
  const lost = { ...auth, connected: false, problems };
  assert.deepEqual(findings(withIdentity({ auth: lost })), ["identity warning: CAT-RPC-010 auth: gone"]);
  assert.deepEqual(findings(withIdentity({ auth: { ...lost, kids: [] } })), ["identity error: CAT-RPC-010 auth: gone"]);
});

test("a key whose change is overdue is a warning that names it", () => {
  const { auth } = healthy.status;
  assert.ok(auth?.status);
  const keys = auth.status.keys.map((key) => ({ ...key, secondsUntilNext: -3_600 }));
  assert.deepEqual(findings(withIdentity({ auth: { ...auth, status: { ...auth.status, keys } } })), [
    "identity warning: k1 (active) is 1h late.",
  ]);
});

test("auth that is not ready is an error with its problem", () => {
  const { auth } = healthy.status;
  assert.ok(auth?.status);
  const problems = [{ code: "CAT-AUTH-001", path: "auth", message: "cannot write" }];
  assert.deepEqual(findings(withIdentity({ auth: { ...auth, status: { ...auth.status, ready: false, problems } } })), [
    "identity error: CAT-AUTH-001 auth: cannot write",
  ]);
});

const style = { wide: false, color: false };
const pending = checks({ ...healthy, services: [service(orchestratorV1.Service_State.PENDING)] });

test("the checks are shown by category, with reason and hint, and summed", () => {
  const text = renderChecks(pending, false, style);
  assert.match(
    text,
    /^services\n {2}error {5}reviews is served with a fresh schema\n {12}reviews has no schema yet\.\n {12}Does/m,
  );
  assert.match(text, /^16 ok, 0 warnings, 1 error$/m);
});

test("short shows failures only, and still sums all", () => {
  const text = renderChecks(pending, true, style);
  assert.match(text, /^services\n {2}error/);
  assert.match(text, /^16 ok, 0 warnings, 1 error$/m);
});
