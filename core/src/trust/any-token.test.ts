import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { makeIssuer, type Part, segment, trustIn } from "../../../tests/support/tokens.ts";
import { decodeBase64url } from "./base64url.ts";
import { indexTrust, inspectToken, tokenRefusals } from "./index.ts";
import { parseJsonObject } from "./strict-json.ts";

const own = makeIssuer();
const index = indexTrust(trustIn(own));
const expected = { audience: "acme/west", classes: ["service"], now: Date.now() } as const;
const inspect = (text: string) => inspectToken(text, index, expected);

/** Not signed: that is not what is looked at here. */
const compact = (claims: Part, header: Part = { alg: "ES384", typ: "at+jwt", kid: own.kid }): string =>
  `${segment(header)}.${segment(claims)}.${"A".repeat(128)}`;

const bytes = fc.uint8Array({ maxLength: 200 });
const json = fc.json({ maxDepth: 4 });

/** Texts that come nearer and nearer to a token. */
const anyToken = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.array(bytes.map(segment), { minLength: 2, maxLength: 4 }).map((parts) => parts.join(".")),
  fc.tuple(json, json).map(([header, claims]) => compact(claims, header)),
  fc
    .dictionary(fc.constantFrom("alg", "typ", "kid", "crit", "__proto__"), fc.jsonValue(), { minKeys: 1 })
    .map((header) => compact(own.serviceClaims(), header)),
);

test("any text is refused for a reason of the table, and nothing throws", () => {
  fc.assert(
    fc.property(anyToken, (text) => {
      const seen = inspect(text);
      assert.ok(seen.kind === "refused" && seen.reason in tokenRefusals, text);
    }),
    { numRuns: 2000 },
  );
});

test("whatever value a claim has, the claims that are told have their form", () => {
  const claim = fc.constantFrom(
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "client_id",
    "scope",
    "act",
    "hop",
    "cnf",
  );
  fc.assert(
    fc.property(claim, fc.oneof(fc.jsonValue(), fc.integer(), fc.string({ unit: "binary" })), (name, value) => {
      const seen = inspect(compact({ ...own.serviceClaims(), [name]: value }));
      if (seen.kind === "refused") return;
      const { claims } = seen;
      assert.equal(claims.audience, "acme/west");
      assert.equal(claims.issuer, own.issuer);
      assert.ok([claims.subject, claims.jti, claims.clientId].every((text) => typeof text === "string" && text !== ""));
      assert.ok([claims.issuedAt, claims.expiresAt].every(Number.isSafeInteger));
      assert.ok(claims.scope.every((word) => word !== "" && !word.includes(" ")));
      assert.equal(claims.actor, undefined);
    }),
    { numRuns: 2000 },
  );
});

test("base64url has one text for any bytes, the one that Node writes", () => {
  fc.assert(fc.property(bytes, (value) => assert.deepEqual(decodeBase64url(segment(value)), Uint8Array.from(value))));
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      const value = decodeBase64url(text);
      if (value !== undefined) assert.equal(segment(value), text);
    }),
    { numRuns: 5000 },
  );
});

test("JSON means to the strict reader what it means to everybody, or nothing", () => {
  fc.assert(
    fc.property(fc.oneof(json, fc.string()), (text) => {
      const value = parseJsonObject(Buffer.from(text));
      if (value !== undefined) assert.deepEqual(value, JSON.parse(text));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.oneof(fc.string(), fc.integer())), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(parseJsonObject(Buffer.from(text)), JSON.parse(text));
    }),
  );
});

test("a member that stands twice is seen whatever its name is, and however it is written", () => {
  const name = fc.string({ unit: "binary", minLength: 1 });
  const escaped = (text: string): string =>
    [...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
  fc.assert(
    fc.property(name, fc.boolean(), fc.boolean(), (member, isEscaped, isDeep) => {
      const second = isEscaped ? `"${escaped(member)}"` : JSON.stringify(member);
      const twice = `{${JSON.stringify(member)}:"}",${second} : 2}`;
      assert.equal(parseJsonObject(Buffer.from(isDeep ? `{"a":[{"b":${twice}}]}` : twice)), undefined);
    }),
  );
});

test("a token of 8 KiB of anything is judged in a few milliseconds", () => {
  const repeated = ['{"', "[", '{"a":', "\\", " ", '"\\"', "0", '"a":1,'].map((unit) =>
    unit.repeat(5_800 / unit.length),
  );
  const members = Array.from({ length: 600 }, (_, index) => `"m${index}":1`).join(",");
  for (const claims of [
    ...repeated,
    `{${members}}`,
    `{"a":"${'\\"'.repeat(2_800)}"}`,
    `{"a":[${'"a",'.repeat(1_400)}1]}`,
  ]) {
    const text = compact(claims);
    const started = Date.now();
    for (let time = 0; time < 5; time++) {
      const seen = inspect(text);
      assert.ok(seen.kind === "refused" && seen.reason !== "too-long");
    }
    assert.ok((Date.now() - started) / 5 < 50, claims.slice(0, 20));
  }
});
