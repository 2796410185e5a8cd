import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { readJwks } from "./jwks.ts";

const coordinate = (fill: number) => Buffer.alloc(48, fill).toString("base64url");
const jwk = { kty: "EC", crv: "P-384", kid: "k1", x: coordinate(1), y: coordinate(2) };
const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const reasonOf = (value: unknown): string | undefined => {
  const read = readJwks(bytes(value));
  return read.kind === "refused" ? read.reason : undefined;
};
const kidsOf = (value: unknown): readonly string[] => {
  const read = readJwks(bytes(value));
  assert.equal(read.kind, "keys", JSON.stringify(read));
  return read.kind === "keys" ? read.keys.map(({ kid }) => kid) : [];
};

test("a set of public keys on P-384 is read, and they may sign service tokens alone", () => {
  const read = readJwks(bytes({ keys: [{ ...jwk, use: "sig", alg: "ES384", key_ops: ["verify"], x5t: "?" }] }));
  const { kid, x, y } = jwk;
  assert.deepEqual(read, { kind: "keys", keys: [{ kid, x, y, classes: ["service"], notAfter: undefined }] });
});

test("an empty set is a set", () => {
  assert.deepEqual(kidsOf({ keys: [] }), []);
});

test("keys of other kinds, curves and uses are left out; a set of nothing else is refused", () => {
  const others = [
    { kty: "RSA", kid: "r", n: "AQAB", e: "AQAB" },
    { ...jwk, kid: "c", crv: "P-256" },
    { ...jwk, kid: "e", use: "enc" },
    { ...jwk, kid: "a", alg: "ES256" },
    { ...jwk, kid: "o", key_ops: ["sign"] },
  ];
  assert.deepEqual(kidsOf({ keys: [...others, jwk] }), ["k1"]);
  for (const other of others) assert.match(reasonOf({ keys: [other] }) ?? "", /no key on P-384/);
});

test("a private or secret member refuses the whole set, whatever key it stands in, and is never told", () => {
  for (const secret of [
    { ...jwk, kid: "k2", d: "SECRET" },
    { kty: "oct", k: "SECRET" },
    { kty: "RSA", d: "SECRET" },
  ]) {
    const reason = reasonOf({ keys: [jwk, secret] }) ?? "";
    assert.match(reason, /private or a secret/);
    assert.doesNotMatch(reason, /SECRET/);
  }
});

test("what is not whole, stands twice or is too much is refused", () => {
  const { kid: _kid, ...nameless } = jwk;
  for (const wrong of [
    { keys: [nameless] },
    { keys: [{ ...jwk, kid: "with blank" }] },
    { keys: [{ ...jwk, kid: "k".repeat(129) }] },
    { keys: [{ ...jwk, x: coordinate(1).slice(1) }] },
    { keys: [{ ...jwk, y: `${coordinate(2)}=` }] },
    { keys: [{ ...jwk, y: 5 }] },
    { keys: [jwk, jwk] },
    { keys: [jwk, 1] },
    { keys: Array.from({ length: 33 }, (_, n) => ({ ...jwk, kid: `k${n}` })) },
    { keys: {} },
    {},
    [],
    "",
    "<html></html>",
    `{"keys": [], "keys": []}`,
    JSON.stringify({ keys: [] }) + " ".repeat(65_536),
  ])
    assert.notEqual(reasonOf(wrong), undefined, JSON.stringify(wrong).slice(0, 100));
});

test("no text makes it throw", () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => void readJwks(bytes(text))));
});
