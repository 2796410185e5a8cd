import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { trustV1 } from "@catalyst-node/adapters/rpc";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { node, serviceToken, sharedAuth, type StartAuth } from "./opened.ts";

const { TokenClass } = trustV1;

/** What clocks may differ by, in seconds. */
const skew = 5;

export function judging(start: StartAuth): void {
  describe("judging", { concurrency: true }, () => {
    const auth = sharedAuth(start);
    const sign = async (seconds = 60) => (await auth().orchestrator.auth.sign(serviceToken({}, seconds))).token;
    const verify = (token: string, more: { readonly audience?: string; readonly class?: trustV1.TokenClass } = {}) =>
      auth().orchestrator.auth.verify({ token, audience: "", class: TokenClass.UNSPECIFIED, ...more });

    test("a good token is taken, with its claims", async () => {
      const token = await sign();
      const { valid, reason, claimsJson, kid } = await verify(token, { audience: node, class: TokenClass.SERVICE });
      assert.deepEqual({ valid, reason }, { valid: true, reason: "" });
      assert.deepEqual(JSON.parse(claimsJson), decodeJwt(token));
      assert.equal(kid, decodeProtectedHeader(token).kid);
      assert.ok((await verify(token)).valid, "whoever it is for");
    });

    test("a token with a changed byte is refused, and its claims are told nobody", async () => {
      const token = await sign();
      const at = token.lastIndexOf(".") + 10;
      const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      const { valid, reason, claimsJson } = await verify(changed);
      assert.deepEqual({ valid, reason, claimsJson }, { valid: false, reason: "signature", claimsJson: "" });
    });

    test("claims under a signature that was made for others are refused", async () => {
      const token = await sign();
      const [header, , signature] = token.split(".");
      const claims = Buffer.from(JSON.stringify({ ...decodeJwt(token), sub: "admin" })).toString("base64url");
      const { valid, reason } = await verify(`${header}.${claims}.${signature}`);
      assert.deepEqual({ valid, reason }, { valid: false, reason: "signature" });
    });

    test("a token for another node, or of another class, is refused", async () => {
      const token = await sign();
      assert.equal((await verify(token, { audience: "acme/east" })).reason, "audience");
      assert.equal((await verify(token, { audience: "acme/wes" })).reason, "audience");
      assert.equal((await verify(token, { class: TokenClass.INTERNAL })).reason, "class");
    });

    test("a token that has expired is refused once clocks may no longer differ about it", async () => {
      const token = await sign(1);
      assert.ok((await verify(token)).valid);
      const { exp = 0 } = decodeJwt(token);
      await setTimeout((exp + skew + 1) * 1_000 - Date.now());
      const { valid, reason, claimsJson } = await verify(token);
      assert.deepEqual({ valid, reason }, { valid: false, reason: "expired" });
      assert.equal(JSON.parse(claimsJson).exp, exp, "its signature holds, so what it says is told");
    });

    test("a token that somebody else signed under this node's kid is refused", async () => {
      const token = await sign();
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
      const kid = decodeProtectedHeader(token).kid ?? "";
      const forge = (header: object, key: CryptoKey | Uint8Array | typeof privateKey) =>
        new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: "ES384", typ: "at+jwt", kid, ...header }).sign(key);
      assert.equal((await verify(await forge({}, privateKey))).reason, "signature");
      assert.equal((await verify(await forge({ kid: "unknown" }, privateKey))).reason, "unknown-key");
      // A signature of that kind is shorter, too.
      const { valid, reason } = await verify(await forge({ alg: "HS384" }, new Uint8Array(48)));
      assert.ok(!valid && ["algorithm", "malformed"].includes(reason), reason);
      assert.equal((await verify(await forge({ jku: "https://evil.example/keys" }, privateKey))).reason, "header");
    });

    test("what is no token is refused with a word, and never as a failure", async () => {
      const token = await sign();
      const texts = ["", "x", "..", "a.b.c", `${token}.x`, `${token}=`, ` ${token}`, "é.é.é", "x".repeat(9_000)];
      for (const text of texts) {
        const { valid, reason, claimsJson } = await verify(text);
        assert.ok(!valid && reason !== "" && claimsJson === "", text.slice(0, 20));
      }
    });

    test("its counters tell what was refused, by reason", async () => {
      const before = (await auth().orchestrator.auth.getStatus({})).counters;
      await verify("x");
      const after = (await auth().orchestrator.auth.getStatus({})).counters;
      assert.ok(Number(after?.refused["malformed"]) > Number(before?.refused["malformed"] ?? 0));
      assert.ok(Number(after?.verified) >= Number(before?.verified));
    });
  });
}
