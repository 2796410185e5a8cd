import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { authV1, timestampDate } from "@catalyst-node/adapters/rpc";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { temporaryFolder } from "../support/folder.ts";
import { eventually } from "../support/process.ts";
import { type Auth, node, openAuth, serviceToken, sharedAuth, type StartAuth } from "./opened.ts";
import { publishedKeys, verified } from "./published.ts";

const { Key_State: State, RotateRequest_Mode: Mode } = authV1;

export function keys(start: StartAuth): void {
  describe("published keys", () => {
    const auth = sharedAuth(start);

    test("are the same by RPC and by HTTP, on P-384, and have public members alone", async () => {
      const published = await publishedKeys(auth().running);
      for (const role of [auth().orchestrator, auth().gateway]) {
        assert.deepEqual(JSON.parse((await role.auth.getJwks({})).jwksJson), published);
      }
      assert.deepEqual(kidsOf(published.keys), kidsOf(await list(auth())));
      for (const { kty, crv, x, y, kid, alg, use, ...more } of published.keys) {
        assert.deepEqual({ kty, crv, alg, use, more }, { kty: "EC", crv: "P-384", alg: "ES384", use: "sig", more: {} });
        assert.equal(Buffer.from(x ?? "", "base64url").length, 48);
        assert.equal(Buffer.from(y ?? "", "base64url").length, 48);
        assert.ok(kid);
      }
    });

    test("are cached for five minutes, and told apart by a tag", async () => {
      const { jwks } = auth().running;
      const answer = await fetch(jwks);
      await answer.body?.cancel();
      assert.match(answer.headers.get("content-type") ?? "", /^application\/(jwk-set\+)?json/);
      assert.match(answer.headers.get("cache-control") ?? "", /public.*max-age=300/);
      const tag = answer.headers.get("etag") ?? "";
      assert.match(tag, /^(W\/)?".+"$/);
      const again = await fetch(jwks, { headers: { "if-none-match": tag } });
      assert.deepEqual([again.status, await again.text()], [304, ""]);
      const other = await fetch(jwks, { headers: { "if-none-match": '"other"' } });
      await other.body?.cancel();
      assert.equal(other.status, 200);
      const head = await fetch(jwks, { method: "HEAD" });
      assert.deepEqual([head.status, head.headers.get("etag"), await head.text()], [200, tag, ""]);
    });

    test("are all that is served there", async () => {
      const { jwks } = auth().running;
      const posted = await fetch(jwks, { method: "POST", body: "{}" });
      await posted.body?.cancel();
      assert.equal(posted.status, 405);
      const rpc = await fetch(new URL("/catalyst.auth.v1.AuthService/Sign", jwks), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ service: { subject: "reports", audience: node } }),
      });
      assert.ok([404, 405].includes(rpc.status));
      assert.ok(!(await rpc.text()).includes("token"));
    });
  });

  describe("rotation", { concurrency: true }, () => {
    test("a prepared key is published, and signs only when it is told to", async () => {
      await using folder = await temporaryFolder();
      await using auth = await openAuth(start, folder.path);
      const { kid: first } = await auth.orchestrator.auth.sign(serviceToken());
      const { keys } = await auth.orchestrator.auth.rotate({ mode: Mode.PREPARE, reason: "by the book" });
      const waiting = keys.find(({ state }) => state === State.PREPARED);
      assert.ok(waiting?.nextAt, "it says when it signs");
      assert.deepEqual(kidsOf((await publishedKeys(auth.running)).keys), kidsOf(keys));
      const old = await auth.orchestrator.auth.sign(serviceToken({}, 600));
      assert.equal(old.kid, first);

      await auth.orchestrator.auth.rotate({ mode: Mode.ACTIVATE });
      const signed = await auth.orchestrator.auth.sign(serviceToken());
      assert.equal(signed.kid, waiting.kid);
      await verified(auth.running, signed.token, { typ: "at+jwt", audience: node });
      const left = await list(auth);
      assert.deepEqual(
        statesOf(left),
        new Map([
          [first, State.RETIRING],
          [waiting.kid, State.ACTIVE],
        ]),
      );
      await verified(auth.running, old.token, { typ: "at+jwt", audience: node });
      assert.ok((await auth.orchestrator.auth.verify({ token: old.token })).valid, "the old one's tokens stay good");
      const end = left.find(({ kid }) => kid === first)?.nextAt;
      const { exp = 0 } = decodeJwt(old.token);
      assert.ok(end && timestampDate(end).getTime() >= exp * 1_000, "until the last of them has expired");
    });

    test("a key that was not prepared signs at once when it is told to", async () => {
      await using folder = await temporaryFolder();
      await using auth = await openAuth(start, folder.path);
      const { kid: first } = await auth.orchestrator.auth.sign(serviceToken());
      await auth.orchestrator.auth.rotate({ mode: Mode.ACTIVATE });
      const { kid } = await auth.orchestrator.auth.sign(serviceToken());
      assert.notEqual(kid, first);
      assert.deepEqual(
        statesOf(await list(auth)),
        new Map([
          [first, State.RETIRING],
          [kid, State.ACTIVE],
        ]),
      );
    });

    test("a prepared key signs by itself once it has been published long enough", async () => {
      await using folder = await temporaryFolder();
      await using auth = await openAuth(start, folder.path, { publishAheadSeconds: 2 });
      const began = Date.now();
      const { keys } = await auth.orchestrator.auth.rotate({});
      const waiting = keys.find(({ state }) => state === State.PREPARED)?.kid;
      assert.ok(waiting);
      const kid = await eventually(
        async () => (await auth.orchestrator.auth.sign(serviceToken())).kid,
        (signing) => signing === waiting,
        { within: 20_000 },
      );
      assert.equal(kid, waiting);
      assert.ok(Date.now() - began >= 1_500, "and not before");
    });

    test("in an emergency every other key is gone at once, with all that it ever signed", async () => {
      await using folder = await temporaryFolder();
      await using auth = await openAuth(start, folder.path);
      const { token } = await auth.orchestrator.auth.sign(serviceToken());
      await auth.orchestrator.auth.rotate({ mode: Mode.PREPARE });
      const before = kidsOf(await list(auth));
      const { keys } = await auth.orchestrator.auth.rotate({ mode: Mode.EMERGENCY, reason: "stolen" });
      assert.equal(keys.length, 1);
      assert.equal(keys[0]?.state, State.ACTIVE);
      assert.ok(!before.includes(keys[0]?.kid ?? ""), "not even one that was prepared is left");
      assert.deepEqual(kidsOf((await publishedKeys(auth.running)).keys), kidsOf(keys));
      await assertGone(auth, token);
      const signed = await auth.orchestrator.auth.sign(serviceToken());
      await verified(auth.running, signed.token, { typ: "at+jwt", audience: node });
    });

    test("a key that is taken back is gone at once; one that signed is replaced", async () => {
      await using folder = await temporaryFolder();
      await using auth = await openAuth(start, folder.path);
      const { token, kid } = await auth.orchestrator.auth.sign(serviceToken());
      await auth.orchestrator.auth.revoke({ revocation: { what: { case: "kid", value: kid }, reason: "stolen" } });
      await assertGone(auth, token);
      const next = await auth.orchestrator.auth.sign(serviceToken());
      assert.notEqual(next.kid, kid);
      assert.equal(decodeProtectedHeader(next.token).kid, next.kid);
      assert.deepEqual(statesOf(await list(auth)), new Map([[next.kid, State.ACTIVE]]));
    });
  });
}

async function assertGone(auth: Auth, token: string): Promise<void> {
  const { valid, reason } = await auth.orchestrator.auth.verify({ token });
  assert.equal(valid, false);
  assert.ok(["unknown-key", "revoked", "retired-key"].includes(reason), reason);
  await assert.rejects(verified(auth.running, token, { typ: "at+jwt", audience: node }), {
    code: "ERR_JWKS_NO_MATCHING_KEY",
  });
}

async function list(auth: Auth): Promise<readonly authV1.Key[]> {
  const { keys } = await auth.orchestrator.auth.listKeys({});
  assert.equal(keys.filter(({ state }) => state === State.ACTIVE).length, 1, "exactly one signs");
  return keys;
}

function kidsOf(keys: readonly { readonly kid?: string }[]): readonly string[] {
  return keys.map(({ kid = "" }) => kid).toSorted();
}

function statesOf(keys: readonly authV1.Key[]) {
  return new Map(keys.map(({ kid, state }) => [kid, state]));
}
