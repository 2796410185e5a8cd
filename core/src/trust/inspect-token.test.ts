import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { makeIssuer, trustIn } from "../../../tests/support/tokens.ts";
import { indexTrust, inspectToken, recheck, type Revocation, type TokenClass, tokenClasses } from "./index.ts";
import type { Trust, VerificationKey } from "./trust.ts";

const own = makeIssuer({ issuer: "urn:catalyst:acme", kid: "one" });
const partner = makeIssuer({ issuer: "urn:catalyst:partner", kid: "one" });
const second = 1000;
/** When most tokens here are issued, in seconds. */
const t = 1_700_000_000;
const classes = Object.keys(tokenClasses) as readonly TokenClass[];

type Changes = Readonly<Record<string, unknown>>;

const base: Changes = { iss: own.issuer, sub: "reports", aud: "acme/west", jti: "j1", iat: t, exp: t + 60 };

/** What each class says, and no other. */
const forms: Readonly<Record<TokenClass, Changes>> = {
  service: { ...base, client_id: "reports", scope: "products reviews" },
  internal: { ...base, act: { sub: "acme/east" }, hop: 1 },
  peer: { ...base, act: { sub: "partner/edge" } },
  session: base,
  subject: { ...base, aud: "acme/west/products" },
};

function signed(of: TokenClass, changes: Changes = {}, issuer = own): string {
  return issuer.sign({ ...forms[of], ...changes }, { typ: tokenClasses[of].typ });
}

type Asked = {
  readonly trust?: Partial<Trust>;
  readonly key?: Partial<VerificationKey>;
  readonly at?: number;
  readonly as?: readonly TokenClass[];
  readonly audience?: string | undefined;
};

/** The claims, or the reason why not; asked at the moment of issue, of a trust whose keys sign every class. */
function inspected(token: string, { trust = {}, key = {}, at = t * second, as = classes, audience }: Asked = {}) {
  const issuers = trustIn(own, partner).issuers.map(({ issuer, keys }) => ({
    issuer,
    keys: keys.map((one) => ({ ...one, classes, ...key })),
  }));
  const index = indexTrust({ ownIssuer: own.issuer, issuers, revocations: [], ...trust });
  const seen = inspectToken(token, index, { audience, classes: as, now: at });
  return seen.kind === "refused" ? seen.reason : seen.claims;
}

test("a service token's claims are told as they stand in it", () => {
  assert.deepEqual(inspected(signed("service")), {
    issuer: own.issuer,
    subject: "reports",
    audience: "acme/west",
    class: "service",
    jti: "j1",
    kid: "one",
    scope: ["products", "reviews"],
    clientId: "reports",
    actor: undefined,
    hop: 0,
    issuedAt: t,
    expiresAt: t + 60,
    notBefore: undefined,
  });
});

test("what is left to check is one signature by the issuer's own key, over the text as it came", () => {
  const token = signed("service", { iss: partner.issuer }, partner);
  const seen = inspectToken(token, indexTrust(trustIn(own, partner)), {
    audience: "acme/west",
    classes: ["service"],
    now: t * second,
  });
  assert.ok(seen.kind === "unproven");
  assert.equal(seen.key.x, partner.verificationKey.x);
  assert.equal(`${seen.signingInput}.${seen.signature}`, token);
});

test("a token of one class is never taken for another, whatever its claims are", () => {
  for (const is of classes) {
    for (const wanted of classes) {
      const told = inspected(signed(is), { as: [wanted] });
      if (is === wanted) assert.equal(typeof told, "object", `${is} as itself`);
      else assert.equal(told, "class", `${is} as ${wanted}`);
      // The other's claims under this one's typ: whatever sends says so, and nothing else does.
      const forged = own.sign(forms[is], { typ: tokenClasses[wanted].typ });
      const needs = ({ service: "client_id", internal: "act", peer: "act" } as Partial<Record<TokenClass, string>>)[
        wanted
      ];
      if (needs !== undefined && forms[is][needs] === undefined) assert.equal(inspected(forged), "claims");
    }
  }
});

test("a key signs only what it may sign, and nothing from its end on", () => {
  assert.equal(inspected(signed("internal"), { key: { classes: ["service"] } }), "class");
  assert.equal(inspected(signed("internal"), { key: { classes: [] } }), "class");
  const notAfter = (t + 10) * second;
  assert.equal(typeof inspected(signed("service"), { key: { notAfter }, at: notAfter - 1 }), "object");
  assert.equal(inspected(signed("service"), { key: { notAfter }, at: notAfter }), "retired-key");
});

test("the skew is 5 s to each side, to the millisecond", () => {
  const token = signed("service", { nbf: t });
  const taken = (at: number): unknown => inspected(token, { at });
  assert.equal(taken((t - 5) * second - 1), "not-yet");
  assert.equal(typeof taken((t - 5) * second), "object");
  assert.equal(typeof taken((t + 65) * second - 1), "object");
  assert.equal(taken((t + 65) * second), "expired");
  assert.equal(inspected(signed("service", { nbf: t + 20 }), { at: (t + 15) * second - 1 }), "not-yet");
  assert.equal(typeof inspected(signed("service", { nbf: t + 20 }), { at: (t + 15) * second }), "object");
});

test("no class lives longer than it may, by not a second", () => {
  for (const kind of classes) {
    const { maxLifetime } = tokenClasses[kind];
    assert.equal(typeof inspected(signed(kind, { exp: t + maxLifetime })), "object", kind);
    assert.equal(inspected(signed(kind, { exp: t + maxLifetime + 1 })), "lifetime", kind);
  }
});

test("who sends is one flat name where a token crosses nodes, and stands nowhere else", () => {
  for (const kind of ["internal", "peer"] as const) {
    assert.equal(typeof inspected(signed(kind)), "object");
    const bad = {
      absent: undefined,
      text: "acme/east",
      list: [{ sub: "acme/east" }],
      empty: {},
      chain: { sub: "acme/east", act: { sub: "acme/north" } },
      "with more": { sub: "acme/east", iss: own.issuer },
      "of a number": { sub: 1 },
      "of nobody": { sub: "" },
      null: null,
    };
    for (const [name, act] of Object.entries(bad)) assert.equal(inspected(signed(kind, { act })), "claims", name);
  }
  for (const kind of ["service", "session", "subject"] as const) {
    assert.equal(inspected(signed(kind, { act: { sub: "acme/east" } })), "claims", kind);
  }
});

test("an internal token counts its hops to 8, and no other token counts any", () => {
  const hop = (value: unknown): unknown => {
    const told = inspected(signed("internal", { hop: value }));
    return typeof told === "string" ? told : told.hop;
  };
  assert.deepEqual([undefined, 0, 8].map(hop), [0, 0, 8]);
  for (const bad of [9, -1, 1.5, "1", null, [1]]) assert.equal(hop(bad), "claims", String(bad));
  assert.equal(inspected(signed("peer", { hop: 1 })), "claims");
});

test("cnf is refused in every class: nobody here would ask for the proof", () => {
  for (const kind of classes) assert.equal(inspected(signed(kind, { cnf: {} })), "claims", kind);
});

test("an audience that nobody named may be any one, and never two", () => {
  assert.equal(typeof inspected(signed("service", { aud: "other/east" })), "object");
  assert.equal(inspected(signed("service", { aud: ["other/east", "acme/west"] })), "audience");
});

const revokedAt = t * second;
const revoke = (issuer: string, what: Revocation["what"]): Partial<Trust> => ({
  revocations: [{ issuer, what, revokedAt, until: undefined, reason: "" }],
});

test("a token is taken back by its jti, by its key, and with all that was issued before", () => {
  const token = signed("service");
  const other = signed("service", { jti: "j2", iat: t + 1 });
  const at = (t + 1) * second;
  const told = (trust: Partial<Trust>): readonly string[] =>
    [token, other].map((one) => {
      const is = inspected(one, { trust, at });
      return typeof is === "string" ? is : "taken";
    });
  assert.deepEqual(told(revoke("", { kind: "jti", jti: "j1" })), ["revoked", "taken"]);
  assert.deepEqual(told(revoke(own.issuer, { kind: "jti", jti: "j1" })), ["revoked", "taken"]);
  assert.deepEqual(told(revoke("", { kind: "kid", kid: "one" })), ["revoked", "revoked"]);
  assert.deepEqual(told(revoke("", { kind: "issuedBefore", at: t * second })), ["taken", "taken"]);
  assert.deepEqual(told(revoke("", { kind: "issuedBefore", at: t * second + 1 })), ["revoked", "taken"]);
  assert.deepEqual(told(revoke("", { kind: "issuedBefore", at: (t + 2) * second })), ["revoked", "revoked"]);
});

test("what one issuer takes back, no other loses; and the later of two times counts", () => {
  const token = signed("service");
  for (const what of [
    { kind: "jti", jti: "j1" },
    { kind: "kid", kid: "one" },
    { kind: "issuedBefore", at: (t + 9) * second },
  ] as const) {
    assert.equal(typeof inspected(token, { trust: revoke(partner.issuer, what) }), "object", what.kind);
    assert.equal(typeof inspected(token, { trust: revoke("urn:nobody", what) }), "object", what.kind);
  }
  const [late, early] = [(t + 9) * second, 1].map((at) => revoke("", { kind: "issuedBefore", at }).revocations ?? []);
  assert.equal(inspected(token, { trust: { revocations: [...(late ?? []), ...(early ?? [])] } }), "revoked");
});

test("what was verified is judged again by what changed since", () => {
  const trust = trustIn(own);
  const claims = inspected(signed("service", { nbf: t }));
  assert.ok(typeof claims === "object");
  const now = t * second;
  assert.equal(recheck(claims, indexTrust(trust), now), undefined);
  assert.equal(recheck(claims, indexTrust(trust), now + 65 * second), "expired");
  assert.equal(recheck(claims, indexTrust(trust), now - 6 * second), "not-yet");
  assert.equal(recheck(claims, indexTrust({ ...trust, ...revoke("", { kind: "jti", jti: "j1" }) }), now), "revoked");
  assert.equal(recheck(claims, indexTrust({ ...trust, issuers: [] }), now), "issuer");
  assert.equal(
    recheck(claims, indexTrust({ ...trust, issuers: [{ issuer: own.issuer, keys: [] }] }), now),
    "unknown-key",
  );
  assert.equal(recheck(claims, indexTrust(trustIn(partner)), now), "issuer");
});

test("a refused token tells a log only names in their right form, and at most so long", () => {
  const index = indexTrust(trustIn(own));
  const tell = (token: string) => inspectToken(token, index, { audience: undefined, classes, now: t * second });
  const { issuer, kid } = own;
  assert.deepEqual(tell(signed("service", { sub: 1 })), { kind: "refused", reason: "claims", issuer, kid, jti: "j1" });
  assert.deepEqual(tell(own.sign({ iss: "a\nb", jti: "x".repeat(257) }, { kid: "a\nb" })), {
    kind: "refused",
    reason: "header",
    issuer: undefined,
    kid: undefined,
    jti: undefined,
  });
  assert.ok(!JSON.stringify(tell(signed("service", { jti: randomUUID(), sub: 1 }))).includes("eyJ"));
});
