import assert from "node:assert/strict";
import { test } from "node:test";
import { codesOf as codes, loaded } from "./testing/load.ts";

const minimal = { organization: "acme", node: "west" };
const tls = { caFile: "ca.pem", certFile: "cert.pem", keyFile: "key.pem" };
const partner = { name: "partner", issuer: "urn:catalyst:partner", jwksFile: "partner.json" };
const withAuth = (auth: object) => ({ ...minimal, auth });
const withIssuers = (...issuers: readonly object[]) => ({ ...minimal, gateway: { auth: { issuers } } });
const withSubject = (mode: string, auth: object) => ({
  ...withAuth(auth),
  gateway: { auth: { mode } },
  services: [{ name: "a", url: "http://a/", subjectToken: true }],
});

test("a gateway that asks for tokens needs an auth sidecar or other issuers", () => {
  const gateway = { auth: { mode: "required" } };
  assert.deepEqual(codes({ ...minimal, gateway }), ["CAT-CONFIG-026"]);
  assert.deepEqual(codes({ ...minimal, gateway, auth: { mode: "embedded" } }), []);
  assert.deepEqual(codes({ ...minimal, gateway: { auth: { mode: "optional", issuers: [partner] } } }), []);
});

test("a service's subject token needs an auth sidecar that signs, and a gateway that knows who asks", () => {
  assert.deepEqual(codes(withSubject("required", { mode: "embedded" })), []);
  assert.deepEqual(codes(withSubject("off", { mode: "embedded" })), ["CAT-CONFIG-026"]);
  assert.deepEqual(codes(withSubject("off", {})), ["CAT-CONFIG-026"]);
});

test("a remote auth needs an address for whoever calls it", () => {
  const rpc = { address: "unix:/run/auth/orchestrator.sock" };
  const gatewayRpc = { address: "unix:/run/auth/gateway.sock" };
  assert.deepEqual(codes(withAuth({ mode: "remote" })), ["CAT-CONFIG-025"]);
  assert.deepEqual(codes(withAuth({ mode: "remote", rpc })), []);
  assert.deepEqual(codes(withSubject("required", { mode: "remote", rpc })), ["CAT-CONFIG-025"]);
  assert.deepEqual(codes(withSubject("required", { mode: "remote", rpc, gatewayRpc })), []);
});

test("an issuer's keys come from one file", () => {
  const { jwksFile, ...bare } = partner;
  assert.deepEqual(codes(withIssuers(bare)), ["CAT-CONFIG-027"]);
  assert.deepEqual(codes(withIssuers({ ...partner, publicKeyFile: jwksFile })), ["CAT-CONFIG-027"]);
  assert.deepEqual(codes(withIssuers({ ...bare, publicKeyFile: "partner.pem" })), []);
});

test("no issuer is told twice, and none is the node's own", () => {
  assert.deepEqual(codes(withIssuers(partner, { ...partner, name: "again" })), ["CAT-CONFIG-028"]);
  assert.deepEqual(codes(withIssuers(partner, { ...partner, name: "other", issuer: "urn:catalyst:partner/" })), []);
  assert.deepEqual(codes(withIssuers({ ...partner, issuer: "urn:catalyst:acme" })), ["CAT-CONFIG-028"]);
  const own = { auth: { issuer: "https://acme.example" } };
  assert.deepEqual(codes({ ...own, ...withIssuers({ ...partner, issuer: "https://acme.example" }) }), [
    "CAT-CONFIG-028",
  ]);
  const many = Array.from({ length: 64 }, (_, n) => ({ ...partner, name: `p${n}`, issuer: `urn:p:${n}` }));
  assert.deepEqual(codes(withIssuers(...many.slice(1))), []);
  assert.deepEqual(codes(withIssuers(...many)), ["CAT-CONFIG-028"]);
});

test("auth's RPC over TCP, loopback included, needs a secret or certificates with the name that is let in", () => {
  for (const key of ["rpc", "gatewayRpc"]) {
    const rpc = (value: object) => codes(withAuth({ [key]: value }));
    assert.deepEqual(rpc({ address: "http://127.0.0.1:4340" }), ["CAT-CONFIG-016"]);
    assert.deepEqual(rpc({ address: "http://127.0.0.1:4340", secretFile: "secret" }), []);
    assert.deepEqual(rpc({ address: "http://127.0.0.1:4340", tls, caller: "west" }), ["CAT-CONFIG-016"]);
    assert.deepEqual(rpc({ address: "https://127.0.0.1:4340", tls }), ["CAT-CONFIG-023"]);
    assert.deepEqual(rpc({ address: "https://127.0.0.1:4340", secretFile: "secret", caller: "west" }), [
      "CAT-CONFIG-023",
    ]);
    assert.deepEqual(rpc({ address: "https://127.0.0.1:4340", tls, caller: "west" }), []);
  }
});

test("one address serves both callers only where certificates tell them apart", () => {
  const both = (rpc: object, gatewayRpc: object) => codes(withAuth({ mode: "embedded", rpc, gatewayRpc }));
  const address = "https://127.0.0.1:4340";
  assert.deepEqual(both({ address, tls, caller: "orchestrator" }, { address, tls, caller: "gateway" }), []);
  assert.deepEqual(both({ address, tls, caller: "same" }, { address, tls, caller: "same" }), ["CAT-CONFIG-024"]);
  const secret = { address: "http://127.0.0.1:4340", secretFile: "secret" };
  assert.deepEqual(both(secret, secret), ["CAT-CONFIG-024"]);
  assert.deepEqual(both({ address: "unix:/run/a" }, { address: "unix:/run/a" }), ["CAT-CONFIG-024"]);
});

test("an embedded auth listens where nothing else of the node does", () => {
  const listen = "127.0.0.1:4000";
  assert.deepEqual(codes(withAuth({ mode: "embedded", listen })), ["CAT-CONFIG-018"]);
  assert.deepEqual(codes(withAuth({ mode: "remote", listen, rpc: { address: "unix:/run/a" } })), []);
  const rpc = { address: "http://127.0.0.1:4100", secretFile: "secret" };
  assert.deepEqual(codes(withAuth({ mode: "embedded", rpc })), ["CAT-CONFIG-018"]);
});

test("a key is published before the one before it ends", () => {
  assert.deepEqual(codes(withAuth({ rotateEvery: "25m" })), ["CAT-CONFIG-029"]);
  assert.deepEqual(codes(withAuth({ rotateEvery: "25m", publishAhead: "24m" })), []);
  assert.deepEqual(codes(withAuth({ rotateEvery: "off", publishAhead: "100h" })), []);
});

test("what follows from other keys is filled in: the issuer, and the sockets in the state folder", () => {
  const { auth } = loaded({ file: { ...minimal, stateDir: "/var/lib/catalyst/" } }).config;
  assert.equal(auth.issuer, "urn:catalyst:acme");
  assert.equal(auth.rpc.address, "unix:/var/lib/catalyst/auth-orchestrator.sock");
  assert.equal(auth.gatewayRpc.address, "unix:/var/lib/catalyst/auth-gateway.sock");
});
