import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import { createSigner } from "./signer.ts";
import { makeSigningKey } from "./signing-key.ts";

const key = makeSigningKey();
const header = { alg: "ES384", typ: "at+jwt", kid: key.kid };

test("what is signed is a compact JWS whose signature holds as RFC 7518 has it, for us and for jose", async () => {
  const signed = await createSigner().sign(key, header, { sub: "reports" });
  assert.ok(signed.ok);
  const [first = "", second = "", signature = ""] = signed.value.split(".");
  assert.equal(signature.length, 128);
  const publicKey = createPublicKey(key.privateKey);
  const bytes = Buffer.from(signature, "base64url");
  const by = { key: publicKey, dsaEncoding: "ieee-p1363" } as const;
  assert.ok(verify("sha384", Buffer.from(`${first}.${second}`), by, bytes));
  const { compactVerify } = await import("jose");
  const { payload, protectedHeader } = await compactVerify(signed.value, publicKey);
  assert.deepEqual([JSON.parse(Buffer.from(payload).toString()), protectedHeader], [{ sub: "reports" }, header]);
});

test("so many signatures are under way and no more; afterwards there is room again", async () => {
  const signer = createSigner();
  const all = await Promise.all(Array.from({ length: 300 }, () => signer.sign(key, header, {})));
  assert.equal(all.filter(({ ok }) => ok).length, 256);
  const [refused] = all.flatMap((each) => (each.ok ? [] : each.problems));
  assert.equal(refused?.code, "CAT-KEYS-008");
  assert.ok((await signer.sign(key, header, {})).ok);
});
