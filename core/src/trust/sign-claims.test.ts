import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { claimsFor, type Signing } from "./sign-claims.ts";
import { tokenClasses } from "./token-classes.ts";
import { readClaims } from "./token-claims.ts";
import type { TokenRequest } from "./token-request.ts";

const signing: Signing = {
  issuer: "urn:catalyst:acme",
  organization: "acme",
  node: "west",
  kid: "k",
  jti: "j",
  now: 1_000.7,
  notBefore: 0,
  lifetime: undefined,
  maxServiceLifetime: 3_600,
};
const bytes = "A".repeat(43);
const requests = {
  service: {
    class: "service",
    subject: "reports",
    clientId: "",
    audience: "acme/west",
    scope: ["books:read", "x"],
    name: "n",
    purpose: "",
  },
  internal: {
    class: "internal",
    subject: "reports",
    actor: "acme/west",
    audience: "acme/east",
    scope: ["books"],
    hop: 3,
  },
  peer: {
    class: "peer",
    who: { kind: "subject", subject: "reports", pseudonym: "pseudonym" },
    actor: "acme/west",
    audience: "partner/border",
    scope: [],
  },
  session: {
    class: "session",
    node: "acme/west",
    audience: "partner/border",
    role: "dialer",
    ownNonce: bytes,
    peerNonce: bytes,
    transcriptHash: bytes,
  },
  subject: { class: "subject", subject: "reports", audience: "acme/west/books", scope: [] },
} as const satisfies Readonly<Record<string, TokenRequest>>;

function claims(request: TokenRequest, by: Partial<Signing> = {}) {
  const made = claimsFor(request, { ...signing, ...by });
  assert.ok(made.ok, JSON.stringify(made));
  return made.value;
}

function problems(request: TokenRequest, by: Partial<Signing> = {}): readonly string[] {
  const made = claimsFor(request, { ...signing, ...by });
  return made.ok ? [] : made.problems.map(({ code, path }) => `${code} ${path}`);
}

test("each class has its own typ and claims, and the times are ours", () => {
  const common = { iss: "urn:catalyst:acme", jti: "j", iat: 1_000 };
  const minute = { ...common, exp: 1_060 };
  assert.deepEqual(claims(requests.service), {
    header: { alg: "ES384", typ: "at+jwt", kid: "k" },
    payload: {
      ...common,
      exp: 1_900,
      sub: "reports",
      aud: "acme/west",
      client_id: "reports",
      scope: "books:read x",
    },
  });
  const internal = { sub: "reports", aud: "acme/east", act: { sub: "acme/west" }, hop: 3, scope: "books" };
  assert.deepEqual(claims(requests.internal).payload, { ...minute, ...internal });
  const peer = { sub: "pseudonym", aud: "partner/border", act: { sub: "acme/west" } };
  assert.deepEqual(claims(requests.peer).payload, { ...minute, ...peer });
  const session = { sub: "acme/west", aud: "partner/border", role: "dialer" };
  const nonces = { nonce: bytes, peer_nonce: bytes, th: bytes };
  assert.deepEqual(claims(requests.session).payload, { ...minute, ...session, ...nonces });
  assert.deepEqual(claims(requests.subject).payload, { ...minute, sub: "reports", aud: "acme/west/books" });
});

test("what is signed is what a verifier reads, for every class", () => {
  for (const request of Object.values(requests)) {
    const { payload } = claims(request);
    const members = JSON.parse(JSON.stringify(payload));
    const read = readClaims(members, { class: request.class, issuer: payload.iss, kid: "k" });
    assert.ok(typeof read !== "string", JSON.stringify([request.class, read]));
    assert.deepEqual([read.subject, read.audience, read.expiresAt], [payload.sub, payload.aud, payload.exp]);
  }
});

test("a subject's name never crosses the border, a node's does", () => {
  assert.ok(!JSON.stringify(claims(requests.peer)).includes("reports"));
  const node = { ...requests.peer, who: { kind: "node", node: "acme/west" } } as const;
  assert.equal(claims(node).payload.sub, "acme/west");
  assert.deepEqual(problems({ ...node, who: { kind: "node", node: "other/west" } }), ["CAT-TRUST-003 node"]);
});

test("no token lives longer than its class allows, and none less than a second", () => {
  for (const lifetime of [0, -1, 0.5, 61, Number.NaN]) {
    assert.deepEqual(problems(requests.internal, { lifetime }), ["CAT-TRUST-004 lifetime"], `${lifetime}`);
  }
  assert.equal(claims(requests.internal, { lifetime: 1 }).payload.exp, 1_001);
  assert.deepEqual(problems(requests.service, { lifetime: 3_601 }), ["CAT-TRUST-004 lifetime"]);
  assert.equal(claims(requests.service, { lifetime: 3_600 }).payload.exp, 4_600);
  assert.equal(claims(requests.service, { maxServiceLifetime: 60 }).payload.exp, 1_060, "the default is no exception");
});

test("what is signed after all before now was taken back is not taken back itself", () => {
  assert.equal(claims(requests.service, { notBefore: 1_000.9 }).payload.iat, 1_001);
  assert.equal(claims(requests.service, { notBefore: 900 }).payload.iat, 1_000);
});

test("everything that is wrong is told at once, by its field", () => {
  const bad = {
    ...requests.service,
    subject: "",
    clientId: "a\nb",
    audience: "acme",
    scope: ["a b"],
    name: "x".repeat(257),
  };
  assert.deepEqual(problems(bad, { lifetime: 0 }), [
    "CAT-TRUST-001 subject",
    "CAT-TRUST-001 client_id",
    "CAT-TRUST-001 name",
    "CAT-TRUST-003 audience",
    "CAT-TRUST-002 scope",
    "CAT-TRUST-004 lifetime",
  ]);
});

test("an audience, a sender and a node have the form that the class wants", () => {
  const wrong: readonly TokenRequest[] = [
    { ...requests.service, audience: "acme/west/books" },
    { ...requests.service, audience: "Acme/west" },
    { ...requests.internal, audience: "partner/border" },
    { ...requests.internal, actor: "acme/east" },
    { ...requests.peer, audience: "acme/east" },
    { ...requests.peer, actor: "" },
    { ...requests.session, node: "acme/east" },
    { ...requests.subject, audience: "acme/west" },
    { ...requests.subject, audience: "acme/west/books/more" },
    { ...requests.subject, audience: "acme/east/books" },
  ];
  for (const request of wrong) assert.match(problems(request).join(), /^CAT-TRUST-003 /, JSON.stringify(request));
  assert.deepEqual(problems({ ...requests.internal, hop: 9 }), ["CAT-TRUST-005 hop"]);
  assert.deepEqual(problems({ ...requests.session, ownNonce: "A" }), ["CAT-TRUST-006 session"]);
  assert.deepEqual(problems({ ...requests.session, role: undefined }), ["CAT-TRUST-006 session"]);
  const many = Array.from({ length: 65 }, () => "a");
  assert.deepEqual(problems({ ...requests.service, scope: many }), ["CAT-TRUST-002 scope"]);
});

test("whatever is asked for, nothing but the class's claims comes out, and a scope's words stay what they were", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 5 }), (subject, clientId, scope) => {
      const made = claimsFor({ ...requests.service, subject, clientId, scope }, signing);
      if (!made.ok) return;
      const { payload, header } = made.value;
      const names = ["iss", "sub", "aud", "iat", "exp", "jti", "client_id", ...(scope.length > 0 ? ["scope"] : [])];
      assert.deepEqual(Object.keys(payload), names);
      assert.equal(header.typ, tokenClasses.service.typ);
      assert.equal(payload["scope"] ?? "", scope.join(" "));
      assert.ok(scope.every((word) => !/\s/.test(word)));
    }),
  );
});
