import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { authV1, Code, timestampDate } from "@catalyst-node/adapters/rpc";
import { calculateJwkThumbprint, decodeJwt } from "jose";
import { assertRefused, issuer, node, serviceToken, sharedAuth, type SignRequest, type StartAuth } from "./opened.ts";
import { publishedKeys, verified } from "./published.ts";

const nonce = new Uint8Array(32).fill(7);
const nonceText = Buffer.from(nonce).toString("base64url");
const session = {
  node,
  audience: "acme/east",
  role: authV1.SessionToken_Role.DIALER,
  ownNonce: nonce,
  peerNonce: nonce,
  transcriptHash: nonce,
};

/** Every class but the service token: a request, and the claims beside iss, iat, exp and jti. */
const classes: readonly {
  readonly typ: string;
  readonly token: NonNullable<SignRequest["token"]>;
  readonly claims: Readonly<Record<string, unknown>> & { readonly aud: string };
}[] = [
  {
    typ: "catalyst-internal+jwt",
    token: {
      case: "internal",
      value: { subject: "reports", actor: node, audience: "acme/east", scope: ["products"], hop: 2 },
    },
    claims: { sub: "reports", act: { sub: node }, aud: "acme/east", scope: "products", hop: 2 },
  },
  {
    typ: "catalyst-peer+jwt",
    token: {
      case: "peer",
      value: { who: { case: "node", value: node }, actor: node, audience: "partner/border", scope: ["a", "b"] },
    },
    claims: { sub: node, act: { sub: node }, aud: "partner/border", scope: "a b" },
  },
  {
    typ: "catalyst-session+jwt",
    token: { case: "session", value: session },
    claims: {
      sub: node,
      aud: "acme/east",
      role: "dialer",
      nonce: nonceText,
      peer_nonce: nonceText,
      th: nonceText,
    },
  },
  {
    typ: "catalyst-subject+jwt",
    token: { case: "subject", value: { subject: "reports", audience: `${node}/products`, scope: ["read"] } },
    claims: { sub: "reports", aud: `${node}/products`, scope: "read" },
  },
];

const letters = (count: number): string => "x".repeat(count);
const internal = { subject: "reports", actor: node, audience: "acme/east" };

/** What no sidecar may sign. */
const refused: Readonly<Record<string, SignRequest>> = {
  "no class": {},
  "no subject": serviceToken({ subject: "" }),
  "a long subject": serviceToken({ subject: letters(257) }),
  "a control character": serviceToken({ subject: "a\u0000b" }),
  "no audience": serviceToken({ audience: "" }),
  "an audience that is no node": serviceToken({ audience: "acme" }),
  "an audience that is a service": serviceToken({ audience: "acme/west/products" }),
  "an audience in capitals": serviceToken({ audience: "Acme/west" }),
  "65 words of scope": serviceToken({ scope: Array.from({ length: 65 }, (_, word) => `w${word}`) }),
  "a space in a word of scope": serviceToken({ scope: ["read write"] }),
  "an empty word of scope": serviceToken({ scope: [""] }),
  "a long name": serviceToken({ name: letters(257) }),
  "a long purpose": serviceToken({ purpose: letters(257) }),
  "no life": serviceToken({}, 0),
  "a life before its birth": serviceToken({}, -1),
  "half a second": { ...serviceToken(), lifetime: { seconds: 1n, nanos: 500_000_000 } },
  "a service token for longer than is configured": serviceToken({}, 3_601),
  "an internal token for more than a minute": {
    token: { case: "internal", value: internal },
    lifetime: { seconds: 61n },
  },
  "nine hops": { token: { case: "internal", value: { ...internal, hop: 9 } } },
  "an actor that is no node": { token: { case: "internal", value: { ...internal, actor: "west" } } },
  "a peer token of nobody": { token: { case: "peer", value: { actor: node, audience: "partner/border" } } },
  "a short nonce": { token: { case: "session", value: { ...session, ownNonce: nonce.slice(1) } } },
  "a long hash": { token: { case: "session", value: { ...session, transcriptHash: new Uint8Array(33) } } },
  "a session without a role": {
    token: { case: "session", value: { ...session, role: authV1.SessionToken_Role.UNSPECIFIED } },
  },
  "a subject token for a whole node": {
    token: { case: "subject", value: { subject: "reports", audience: node } },
  },
};

export function signing(start: StartAuth): void {
  describe("signing", () => {
    const auth = sharedAuth(start);
    const sign = (request: SignRequest) => auth().orchestrator.auth.sign(request);

    test("a service token has all its claims and no other, for 15 minutes, by the one key that signs", async () => {
      const asked = { scope: ["products", "reviews"], clientId: "reports-job", name: "nightly", purpose: "reports" };
      const { token, jti, kid, expiresAt } = await sign(serviceToken(asked));
      const { iat = 0, exp = 0, ...claims } = await verified(auth().running, token, { typ: "at+jwt", audience: node });
      const free = { sub: "reports", client_id: "reports-job", aud: node, scope: "products reviews" };
      assert.deepEqual(claims, { iss: issuer, jti, ...free });
      assert.ok(Math.abs(iat - Date.now() / 1_000) < 5);
      assert.equal(exp - iat, 900);
      assert.ok(expiresAt);
      assert.equal(timestampDate(expiresAt).getTime(), exp * 1_000);
      const { keys } = await publishedKeys(auth().running);
      const [key] = keys;
      assert.ok(key);
      assert.equal(await calculateJwkThumbprint(key), kid);
    });

    test("without a client of its own, the subject is the client; without a scope there is none", async () => {
      const claims = decodeJwt((await sign(serviceToken({}, 1))).token);
      assert.equal(claims["client_id"], "reports");
      assert.ok(!Object.hasOwn(claims, "scope"));
      assert.equal(Number(claims.exp) - Number(claims.iat), 1);
    });

    for (const { typ, token, claims } of classes) {
      test(`a token of type ${typ} has all its claims and no other, for a minute`, async () => {
        const signed = await sign({ token });
        const told = await verified(auth().running, signed.token, { typ, audience: claims.aud });
        const { iat = 0, exp = 0, ...rest } = told;
        assert.deepEqual(rest, { iss: issuer, jti: signed.jti, ...claims });
        assert.equal(exp - iat, 60);
      });
    }

    test("no two tokens have one id", async () => {
      const signed = await Promise.all(Array.from({ length: 20 }, () => sign(serviceToken())));
      assert.equal(new Set(signed.map(({ jti }) => jti)).size, 20);
    });

    test("a partner knows a subject by one pseudonym, and another partner by another", async () => {
      const pseudonym = async (subject: string, audience: string) => {
        const value = { who: { case: "subject", value: subject }, actor: node, audience } as const;
        return decodeJwt((await sign({ token: { case: "peer", value } })).token).sub ?? "";
      };
      const known = await pseudonym("reports", "partner/border");
      assert.ok(!known.includes("reports"));
      assert.ok(known.length >= 22, "128 bits at least");
      assert.equal(await pseudonym("reports", "partner/other"), known);
      assert.notEqual(await pseudonym("reports", "rival/border"), known);
      assert.notEqual(await pseudonym("billing", "partner/border"), known);
    });

    for (const [what, request] of Object.entries(refused)) {
      test(`${what} is an invalid argument`, () => assertRefused(sign(request), Code.InvalidArgument, what));
    }

    test("a gateway has tokens of a minute signed, and no other", async () => {
      const gateway = auth().gateway.auth;
      for (const { token, typ } of classes) {
        const signed = gateway.sign({ token });
        if (token.case === "session") await assertRefused(signed, Code.PermissionDenied, typ);
        else assert.ok((await signed).token);
      }
      await assertRefused(gateway.sign(serviceToken()), Code.PermissionDenied, "a service token");
    });

    test("a gateway may ask for the published keys and the status, and call nothing else", async () => {
      const gateway = auth().gateway.auth;
      const { counters } = await gateway.getStatus({});
      assert.ok(JSON.parse((await gateway.getJwks({})).jwksJson).keys.length > 0);
      const denied: Readonly<Record<string, () => Promise<unknown>>> = {
        Verify: () => gateway.verify({ token: "x" }),
        ListKeys: () => gateway.listKeys({}),
        Rotate: () => gateway.rotate({}),
        Revoke: () => gateway.revoke({ revocation: { what: { case: "jti", value: "x" } } }),
        ListTokens: () => gateway.listTokens({}),
        WatchTrust: () => Array.fromAsync(gateway.watchTrust({}, { timeoutMs: 5_000 })),
      };
      for (const [method, call] of Object.entries(denied)) await assertRefused(call(), Code.PermissionDenied, method);
      const after = (await gateway.getStatus({})).counters;
      assert.ok(Number(after?.denied) >= Number(counters?.denied) + Object.keys(denied).length);
    });
  });
}
