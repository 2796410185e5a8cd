import assert from "node:assert/strict";
import { test } from "node:test";
import { authV1, create, gatewayV1, trustV1 } from "@catalyst-node/adapters/rpc";
import type { TrustSection } from "@catalyst-node/core/node";
import { decodeOwnTrust } from "./auth-decode.ts";
import { encodeTrust } from "./auth-encode.ts";

const key = { kid: "k", x: "x", y: "y", classes: ["service", "subject"], notAfter: 5_000 } as const;
const revocations = [
  { issuer: "", what: { kind: "jti", jti: "j" }, revokedAt: 1_000, until: 2_000, reason: "lost" },
  { issuer: "urn:a", what: { kind: "kid", kid: "k" }, revokedAt: 1_000, until: undefined, reason: "" },
  { issuer: "urn:a", what: { kind: "issuedBefore", at: 3_000 }, revokedAt: 1_000, until: 4_000, reason: "" },
] as const;
const section: TrustSection = {
  digest: "d",
  mode: "required",
  audience: "acme/west",
  ownIssuer: "urn:a",
  issuers: [{ issuer: "urn:a", keys: [key] }],
  revocations,
  signing: {
    address: "https://auth:1",
    tls: { caFile: "ca", certFile: "cert", keyFile: "key" },
    secretFile: undefined,
  },
  subjects: [{ service: "s", audience: "acme/west/s" }],
};

test("what auth tells is told to the gateway as it was", () => {
  const wire = create(gatewayV1.TrustSectionSchema, encodeTrust(section));
  assert.equal(wire.mode, gatewayV1.TrustSection_Mode.REQUIRED);
  assert.equal(wire.signing?.tlsKeyFile, "key");
  assert.equal(wire.signing.secretFile, "");
  const [issuer] = wire.issuers;
  assert.ok(issuer);
  const told = create(authV1.WatchTrustResponseSchema, { issuer, revocations: wire.revocations, version: 7n });
  assert.deepEqual(decodeOwnTrust(told), { issuer: { issuer: "urn:a", keys: [key] }, revocations, version: 7 });
});

test("what an auth of another make tells is read with care", () => {
  const issuer = create(trustV1.TrustedIssuerSchema, { issuer: "urn:a" });
  const told = (more: object) => decodeOwnTrust(create(authV1.WatchTrustResponseSchema, { issuer, ...more }));
  assert.deepEqual(told({}).issuer.keys, []);
  assert.throws(() => decodeOwnTrust(create(authV1.WatchTrustResponseSchema)), /no issuer/);
  assert.throws(() => told({ revocations: [{}] }), /revocation of nothing/);
  assert.throws(() => told({ version: 2n ** 63n }), /out of range/);
  assert.throws(() => told({ issuer: { issuer: "urn:a", keys: Array.from({ length: 33 }, () => ({})) } }), /33 keys/);
  const [strange] = told({ issuer: { issuer: "urn:a", keys: [{ kid: "k", classes: [0, 99, 1] }] } }).issuer.keys;
  assert.deepEqual(strange?.classes, ["service"], "a class nobody knows allows nothing");
});
