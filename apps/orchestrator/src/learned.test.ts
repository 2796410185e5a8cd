import assert from "node:assert/strict";
import { test } from "node:test";
import type { Learned } from "@catalyst-node/core/node";
import { parseLearned } from "./learned.ts";

const service = {
  name: "a",
  url: "http://a/",
  sdl: "type Query",
  sha256: "x",
  source: "file",
  bytes: 10,
  fetchedAt: 1,
} as const;
const learned: Learned = { epoch: 3, services: [service] };

test("what was kept is read as it was", () => {
  assert.deepEqual(parseLearned(JSON.parse(JSON.stringify(learned))), learned);
});

test("what auth told is read as it was, and not at all where it is not whole", () => {
  const key = { kid: "k", x: "x", y: "y", classes: ["service", "peer"], notAfter: 5 };
  const revocations = [
    { issuer: "", what: { kind: "jti", jti: "j" }, revokedAt: 1, until: 2, reason: "lost" },
    { issuer: "urn:a", what: { kind: "issuedBefore", at: 3 }, revokedAt: 1, reason: "" },
  ];
  const trust = { issuer: { issuer: "urn:a", keys: [key] }, revocations, version: 7 };
  assert.deepEqual(parseLearned({ ...learned, trust }), { ...learned, trust });
  for (const strange of [
    {},
    { ...trust, version: "7" },
    { ...trust, issuer: { issuer: "urn:a", keys: [{ ...key, classes: ["root"] }] } },
    { ...trust, issuer: { issuer: "urn:a", keys: Array.from({ length: 33 }, () => key) } },
    { ...trust, revocations: [{ ...revocations[0], what: { kind: "all" } }] },
  ]) {
    assert.deepEqual(parseLearned({ ...learned, trust: strange }), learned);
  }
});

test("whatever is not that is nothing, not half of it", () => {
  for (const strange of [
    null,
    [],
    {},
    { ...learned, epoch: -1 },
    { ...learned, epoch: 2 ** 60 },
    { ...learned, services: {} },
    { ...learned, services: [service, { ...service, sdl: 5 }] },
    { ...learned, services: [{ ...service, source: "guess" }] },
  ]) {
    assert.equal(parseLearned(strange), undefined);
  }
});
