import assert from "node:assert/strict";
import { test } from "node:test";
import {
  forgetRevocations,
  issuedBefore,
  type IssuedToken,
  listIssued,
  maxIssued,
  register,
  type Registry,
  revoke,
  revokedAt,
} from "./issued.ts";
import type { Revocation } from "./trust.ts";

const token = (jti: string, more: Partial<IssuedToken> = {}): IssuedToken => ({
  jti,
  kid: "k",
  subject: "reports",
  clientId: "reports",
  audience: "acme/west",
  scope: [],
  name: "",
  purpose: "",
  issuedAt: 1_000,
  expiresAt: 2_000,
  ...more,
});
const revocation = (what: Revocation["what"], more: Partial<Revocation> = {}): Revocation => ({
  issuer: "",
  what,
  revokedAt: 1_500_000,
  until: 2_005_000,
  reason: "",
  ...more,
});

function must<Value>(result: { readonly ok: true; readonly value: Value } | { readonly ok: false }): Value {
  assert.ok(result.ok);
  return result.value;
}

test("issued tokens are listed the newest first, expired ones for a day on demand", () => {
  const both = must(register(must(register([], token("a"), 0)), token("b", { expiresAt: 90_000 }), 0));
  assert.deepEqual(
    listIssued(both, 1_999_000, false).map(({ jti }) => jti),
    ["b", "a"],
  );
  assert.deepEqual(
    listIssued(both, 2_000_000, false).map(({ jti }) => jti),
    ["b"],
  );
  assert.deepEqual(
    listIssued(both, 2_000_000, true).map(({ jti }) => jti),
    ["b", "a"],
  );
  assert.deepEqual(
    listIssued(both, 88_500_000, true).map(({ jti }) => jti),
    ["b"],
  );
  assert.deepEqual(
    must(register(both, token("c"), 88_500_000)).map(({ jti }) => jti),
    ["b", "c"],
  );
});

test("a full registry makes room by what has expired, and takes no more where nothing has", () => {
  const full: Registry = Array.from({ length: maxIssued }, (_, number) =>
    token(`t${number}`, { expiresAt: number === 0 ? 100 : 2_000 }),
  );
  const after = must(register(full, token("new"), 150_000));
  assert.equal(after.length, maxIssued);
  assert.ok(!after.some(({ jti }) => jti === "t0"));
  const refused = register(after, token("more"), 150_000);
  assert.ok(!refused.ok && refused.problems[0]?.code === "CAT-TRUST-010");
});

test("a token counts as taken back by its jti, its key, or with all that was issued before", () => {
  const one = token("a");
  assert.equal(revokedAt([revocation({ kind: "jti", jti: "a" })])(one), 1_500_000);
  assert.equal(revokedAt([revocation({ kind: "jti", jti: "b" })])(one), undefined);
  assert.equal(revokedAt([revocation({ kind: "kid", kid: "k" })])(one), 1_500_000);
  assert.equal(revokedAt([revocation({ kind: "issuedBefore", at: 1_000_001 })])(one), 1_500_000);
  assert.equal(revokedAt([revocation({ kind: "issuedBefore", at: 1_000_000 })])(one), undefined);
  assert.equal(revokedAt([revocation({ kind: "jti", jti: "a" }, { issuer: "urn:other" })])(one), undefined);
  const both = [revocation({ kind: "kid", kid: "k" }, { revokedAt: 1 }), revocation({ kind: "jti", jti: "a" })];
  assert.equal(revokedAt(both)(one), 1, "what was taken back already is not taken back again");
});

test("a later word on the same thing replaces the earlier; another issuer's is another thing", () => {
  const first = must(revoke([], revocation({ kind: "jti", jti: "a" }, { reason: "first" }), 0));
  const second = must(revoke(first, revocation({ kind: "jti", jti: "a" }, { reason: "second" }), 0));
  assert.deepEqual(
    second.map(({ reason }) => reason),
    ["second"],
  );
  assert.equal(must(revoke(second, revocation({ kind: "jti", jti: "a" }, { issuer: "urn:b" }), 0)).length, 2);
  const before = must(revoke([], revocation({ kind: "issuedBefore", at: 5 }), 0));
  assert.equal(issuedBefore(must(revoke(before, revocation({ kind: "issuedBefore", at: 9 }), 0))), 9);
  const older = must(revoke(before, revocation({ kind: "issuedBefore", at: 3 }), 0));
  assert.equal(issuedBefore(older), 5, "an earlier time takes nothing back from a later one");
});

test("revocations are forgotten when nothing is left of them, and only so many are kept", () => {
  const forever = revocation({ kind: "jti", jti: "b" }, { until: undefined });
  const both = [revocation({ kind: "jti", jti: "a" }), forever];
  assert.equal(forgetRevocations(both, 2_004_999).length, 2);
  assert.deepEqual(forgetRevocations(both, 2_005_000), [forever]);
  const full = Array.from({ length: 10_000 }, (_, number) => revocation({ kind: "jti", jti: `${number}` }));
  const refused = revoke(full, revocation({ kind: "jti", jti: "x" }), 0);
  assert.ok(!refused.ok && refused.problems[0]?.code === "CAT-TRUST-011");
  assert.ok(revoke(full, revocation({ kind: "jti", jti: "7" }), 0).ok, "one that is known needs no room");
});
