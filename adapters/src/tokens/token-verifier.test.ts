import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Claims, indexTrust, type Revocation, type Trust, type VerificationKey } from "@catalyst-node/core/trust";
import { replaceSegment } from "../../../tests/support/bad-tokens/index.ts";
import { makeIssuer, segment, type TestIssuer, trustIn } from "../../../tests/support/tokens.ts";
import { createTokenVerifier, isRefused, type TokenVerifier, type Verdict } from "./index.ts";

const own = makeIssuer();
const trust = trustIn(own);
const index = indexTrust(trust);
const expected = { audience: "acme/west", classes: ["service"] } as const;

const show = (verifier: TokenVerifier, token: string, of = index): Verdict | Promise<Verdict> =>
  verifier.verify(token, of, expected);

function told(verdict: Verdict): string {
  return isRefused(verdict) ? verdict.reason : "taken";
}

/** Of many that are shown at the same time. */
async function toldAll(verdicts: readonly (Verdict | Promise<Verdict>)[]): Promise<readonly string[]> {
  return Promise.all(verdicts.map(async (verdict) => told(await verdict)));
}

/** The answer that needs no waiting. */
function atOnce(verdict: Verdict | Promise<Verdict>): Verdict {
  assert.ok(!(verdict instanceof Promise), "it is answered at once");
  return verdict;
}

/** Of one good token, that many with a signature that does not hold. */
function forged(count: number, { serviceToken }: TestIssuer = own): readonly string[] {
  const token = serviceToken();
  const bytes = Buffer.from(token.split(".")[2] ?? "", "base64url");
  return Array.from({ length: count }, (_, number) => {
    bytes.writeUInt32BE(number, 60);
    return replaceSegment(token, 2, segment(bytes));
  });
}

test("a token is verified once, and then known at once", async () => {
  const verifier = createTokenVerifier();
  const token = own.serviceToken();
  const first = await show(verifier, token);
  for (let time = 0; time < 3; time++) assert.deepEqual(atOnce(show(verifier, token)), first);
  assert.deepEqual(verifier.counters, { accepted: 4, cached: 3, verified: 1, refused: {} });
});

test("a token whose signature does not hold is verified once, and then refused at once", async () => {
  const verifier = createTokenVerifier();
  const [token = ""] = forged(1);
  assert.equal(told(await show(verifier, token)), "signature");
  assert.equal(told(atOnce(show(verifier, token))), "signature");
  assert.deepEqual(verifier.counters, { accepted: 0, cached: 0, verified: 1, refused: { signature: 2 } });
});

test("whoever shows the same token at the same time waits for the same verification", async () => {
  const verifier = createTokenVerifier();
  const token = own.serviceToken();
  const [bad = ""] = forged(1);
  const shown = Array.from({ length: 200 }, (_, at) => show(verifier, at % 2 === 0 ? token : bad));
  assert.deepEqual(new Set(await toldAll(shown)), new Set(["taken", "signature"]));
  assert.equal(verifier.counters.verified, 2);
});

test("a known token is refused from the moment on when it is not good any more", async () => {
  let now = Date.now();
  const verifier = createTokenVerifier({ now: () => now });
  const claims = own.serviceClaims({ ttl: 30 });
  const token = own.sign(claims);
  const taken = (await show(verifier, token)) as Claims;
  const revoked = (what: Revocation["what"]): Trust => ({
    ...trust,
    revocations: [{ issuer: "", what, revokedAt: now, until: undefined, reason: "" }],
  });
  const { verificationKey } = own;
  const having = (key: Partial<VerificationKey>): Trust => ({
    ...trust,
    issuers: [{ issuer: own.issuer, keys: [{ ...verificationKey, ...key }] }],
  });
  const trusts: readonly (readonly [string, Trust])[] = [
    ["revoked", revoked({ kind: "jti", jti: taken.jti })],
    ["revoked", revoked({ kind: "kid", kid: own.kid })],
    ["revoked", revoked({ kind: "issuedBefore", at: now })],
    ["issuer", { ...trust, issuers: [] }],
    ["unknown-key", { ...trust, issuers: [{ issuer: own.issuer, keys: [] }] }],
    ["retired-key", having({ notAfter: now })],
    ["class", having({ classes: [] })],
  ];
  for (const [reason, changed] of trusts)
    assert.equal(told(atOnce(show(verifier, token, indexTrust(changed)))), reason);
  assert.equal(told(atOnce(verifier.verify(token, index, { ...expected, audience: "acme/east" }))), "audience");
  assert.equal(told(atOnce(verifier.verify(token, index, { ...expected, classes: ["internal"] }))), "class");
  assert.equal(told(atOnce(show(verifier, token))), "taken");
  now -= 60_000;
  assert.equal(told(atOnce(show(verifier, token))), "not-yet");
  now += 60_000 + 35_000;
  assert.equal(told(atOnce(show(verifier, token))), "expired");
  assert.equal(verifier.counters.verified, 1);
});

test("a kid that its issuer gave to another key takes no token of the first with it", async () => {
  const verifier = createTokenVerifier();
  const next = makeIssuer({ issuer: own.issuer, kid: own.kid });
  const [token, nextToken] = [own.serviceToken(), next.serviceToken()];
  const nextIndex = indexTrust(trustIn(next));
  assert.equal(told(await show(verifier, token)), "taken");
  assert.equal(told(await show(verifier, nextToken)), "signature");
  assert.equal(told(await show(verifier, token, nextIndex)), "signature");
  assert.equal(told(await show(verifier, nextToken, nextIndex)), "taken");
  assert.equal(told(await show(verifier, token)), "taken");
});

test("a token is verified again after 60 s, and its valid twin by itself", async () => {
  let now = Date.now();
  const verifier = createTokenVerifier({ now: () => now });
  const token = own.serviceToken();
  await show(verifier, token);
  now += 59_999;
  assert.equal(told(atOnce(show(verifier, token))), "taken");
  now += 1;
  assert.ok(show(verifier, token) instanceof Promise);
});

test("a token that was verified before goes ahead of a flood, and its key rests for no one else", async () => {
  let now = Date.now();
  const verifier = createTokenVerifier({ now: () => now });
  const partner = makeIssuer({ issuer: "urn:catalyst:partner", kid: own.kid });
  const both = indexTrust(trustIn(own, partner));
  const token = own.serviceToken();
  await show(verifier, token, both);
  now += 60_000;
  const order: string[] = [];
  const note = async (name: string, verdict: Verdict | Promise<Verdict>): Promise<string> => {
    const reason = told(await verdict);
    if (reason !== "busy") order.push(name);
    return reason;
  };
  const flood = forged(100).map((each) => note("flood", show(verifier, each, both)));
  const known = note("known", show(verifier, token, both));
  const other = note("other", show(verifier, partner.serviceToken(), both));
  assert.equal(await known, "taken");
  assert.equal(await other, "taken");
  await Promise.all(flood);
  assert.ok(order.indexOf("known") <= 1 && order.indexOf("other") <= 4, order.slice(0, 8).join());
});

test("of a flood of forged tokens only few are verified a second, the rest is busy at once, and good ones come through", async () => {
  const verifier = createTokenVerifier();
  const token = own.serviceToken();
  await show(verifier, token);
  const bad = forged(4000);
  // The first show that the key is under attack.
  await toldAll(bad.slice(0, 32).map((each) => show(verifier, each)));
  const before = verifier.counters.verified;
  const started = performance.now();
  const verdicts: (Verdict | Promise<Verdict>)[] = [];
  for (const each of bad.slice(32)) {
    verdicts.push(show(verifier, each));
    assert.ok(verifier.waiting <= 32);
    assert.equal(told(atOnce(show(verifier, token))), "taken");
    if (verdicts.length % 40 === 0) await new Promise((settle) => setTimeout(settle, 1));
  }
  const reasons = await toldAll(verdicts);
  const seconds = (performance.now() - started) / 1000;
  assert.deepEqual(new Set(reasons), new Set(["signature", "busy"]));
  const verified = verifier.counters.verified - before;
  assert.ok(verified <= 250 * seconds + 2, `${verified} verified in ${seconds} s`);
  assert.equal(verifier.waiting, 0);
  // The key is not closed: what is good is still verified, only later.
  assert.equal(told(await show(verifier, own.serviceToken())), "taken");
});

test("what it remembers is bounded, in number and in characters", async () => {
  const verifier = createTokenVerifier({ tokens: 8, characters: 20_000, failed: 8 });
  const tokens = Array.from({ length: 12 }, () => own.serviceToken());
  for (const token of tokens) await show(verifier, token);
  const known = (token: string): boolean => !(show(verifier, token) instanceof Promise);
  assert.deepEqual(
    tokens.slice(4).map(known),
    Array.from({ length: 8 }, () => true),
  );
  assert.equal(known(tokens[0] ?? ""), false);
  const long = Array.from({ length: 4 }, () => own.sign({ ...own.serviceClaims(), more: "m".repeat(5_000) }));
  for (const token of long) await show(verifier, token);
  assert.equal(known(long.at(-1) ?? ""), true);
  assert.equal(known(long[0] ?? ""), false);
});

test("a flood of forged tokens leaves the heap within a few MiB of what it was", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const verifier = createTokenVerifier();
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  await toldAll(forged(64).map((each) => show(verifier, each)));
  const before = heap();
  let last: Verdict | Promise<Verdict> | undefined;
  for (let round = 0; round < 50; round++) {
    for (const each of forged(300)) last = show(verifier, each);
    await new Promise((settle) => setImmediate(settle));
  }
  assert.ok(last !== undefined);
  await last;
  const grown = heap() - before;
  assert.ok(grown < 4 * 2 ** 20, `${grown} bytes more after 15,000 tokens`);
});

test("any byte of a good token changed is refused", async () => {
  const token = own.serviceToken();
  const bytes = Buffer.from(token, "latin1");
  assert.equal(told(await show(createTokenVerifier(), token)), "taken");
  for (const place of bytes.keys()) {
    for (const mask of [1, 1 + ((place * 37) % 255)]) {
      const text = Buffer.from(bytes.map((byte, at) => (at === place ? byte ^ mask : byte))).toString("latin1");
      // A verifier of its own each time: no key has to rest.
      assert.notEqual(told(await show(createTokenVerifier(), text)), "taken", text);
    }
  }
});

test("a refused token is told by the start of its hash, never by its text", async () => {
  const verifier = createTokenVerifier();
  for (const token of [...forged(1), "x".repeat(9000), "a.b.c"]) {
    const verdict = await show(verifier, token);
    assert.ok(isRefused(verdict));
    assert.match(verdict.fingerprint, /^(?:[0-9a-f]{8})?$/);
    assert.ok(!JSON.stringify(verdict).includes(token.slice(0, 20)));
  }
});
