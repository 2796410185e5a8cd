import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Code, timestampDate, timestampFromMs } from "@catalyst-node/adapters/rpc";
import { decodeJwt } from "jose";
import { temporaryFolder } from "../support/folder.ts";
import { assertRefused, openAuth, node, serviceToken, sharedAuth, type StartAuth } from "./opened.ts";

export function revoking(start: StartAuth): void {
  describe("issued tokens", { concurrency: true }, () => {
    const auth = sharedAuth(start);

    test("are listed, the newest first, with everything but their text", async () => {
      const asked = { clientId: "job", scope: ["a", "b"], name: "nightly", purpose: "for the list" };
      const first = await auth().orchestrator.auth.sign(serviceToken(asked));
      const second = await auth().orchestrator.auth.sign(serviceToken({ name: "later" }));
      const { tokens } = await auth().orchestrator.auth.listTokens({});
      const places = [second, first].map(({ jti }) => tokens.findIndex((token) => token.jti === jti));
      assert.ok(places[0] !== -1 && Number(places[0]) < Number(places[1]), places.join());
      const { $typeName: _, issuedAt, expiresAt, revokedAt, ...told } = tokens[Number(places[1])] ?? assert.fail();
      assert.deepEqual(told, { ...asked, jti: first.jti, kid: first.kid, subject: "reports", audience: node });
      const { iat = 0, exp = 0 } = decodeJwt(first.token);
      assert.ok(issuedAt && expiresAt);
      assert.equal(Math.floor(timestampDate(issuedAt).getTime() / 1_000), iat);
      assert.equal(timestampDate(expiresAt).getTime(), exp * 1_000);
      assert.equal(revokedAt, undefined);
    });

    test("are service tokens alone", async () => {
      const value = { subject: "reports", actor: node, audience: "acme/east" };
      const { jti } = await auth().orchestrator.auth.sign({ token: { case: "internal", value } });
      const { tokens } = await auth().orchestrator.auth.listTokens({ expired: true });
      assert.ok(tokens.every((token) => token.jti !== jti));
    });

    test("leave the list when they expire, and can be asked for a day longer", async () => {
      const { jti, expiresAt } = await auth().orchestrator.auth.sign(serviceToken({}, 1));
      assert.ok(expiresAt);
      await setTimeout(timestampDate(expiresAt).getTime() + 1_000 - Date.now());
      const listed = async (expired: boolean) =>
        (await auth().orchestrator.auth.listTokens({ expired })).tokens.some((token) => token.jti === jti);
      assert.deepEqual([await listed(false), await listed(true)], [false, true]);
    });

    test("one that is taken back is refused from then on, and listed as taken back; others stay good", async () => {
      const { orchestrator } = auth();
      const [bad, good] = await Promise.all([1, 2].map(() => orchestrator.auth.sign(serviceToken())));
      assert.ok(bad && good);
      const asked = { what: { case: "jti", value: bad.jti }, reason: "leaked" } as const;
      const { revocation } = await orchestrator.auth.revoke({ revocation: asked });
      assert.deepEqual(revocation?.what, { case: "jti", value: bad.jti });
      assert.ok(revocation.revokedAt && revocation.until);
      assert.ok(Number(revocation.until.seconds) >= Number(decodeJwt(bad.token).exp), "kept as long as the token");
      const { valid, reason, claimsJson } = await orchestrator.auth.verify({ token: bad.token });
      assert.deepEqual({ valid, reason }, { valid: false, reason: "revoked" });
      assert.equal(JSON.parse(claimsJson).jti, bad.jti);
      assert.ok((await orchestrator.auth.verify({ token: good.token })).valid);
      const { tokens } = await orchestrator.auth.listTokens({});
      assert.ok(tokens.find(({ jti }) => jti === bad.jti)?.revokedAt);
      assert.equal(tokens.find(({ jti }) => jti === good.jti)?.revokedAt, undefined);
    });

    test("nothing is taken back without saying what", async () => {
      const { orchestrator } = auth();
      await assertRefused(orchestrator.auth.revoke({}), Code.InvalidArgument, "nothing");
      await assertRefused(orchestrator.auth.revoke({ revocation: { reason: "x" } }), Code.InvalidArgument, "no what");
      const long = { what: { case: "jti", value: "x" }, reason: "x".repeat(257) } as const;
      await assertRefused(orchestrator.auth.revoke({ revocation: long }), Code.InvalidArgument, "a long reason");
    });
  });

  test("all that was issued before a time is refused, and what is issued after it is taken", async () => {
    await using folder = await temporaryFolder();
    await using auth = await openAuth(start, folder.path);
    const { token } = await auth.orchestrator.auth.sign(serviceToken());
    // Tokens tell their birth in whole seconds.
    const next = Math.floor(Date.now() / 1_000) * 1_000 + 1_000;
    await setTimeout(next - Date.now());
    const issuedBefore = { case: "issuedBefore", value: timestampFromMs(next) } as const;
    await auth.orchestrator.auth.revoke({ revocation: { what: issuedBefore } });
    assert.equal((await auth.orchestrator.auth.verify({ token })).reason, "revoked");
    const later = await auth.orchestrator.auth.sign(serviceToken());
    assert.ok((await auth.orchestrator.auth.verify({ token: later.token })).valid);
  });
}
