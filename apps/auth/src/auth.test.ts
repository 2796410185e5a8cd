import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { decodeJwt, importJWK, jwtVerify } from "jose";
import { Health, createClient, rpcTransport } from "@catalyst-node/adapters/rpc";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { catalyst, eventually } from "../../../tests/support/process.ts";
import { type AuthClient, authFlags, internalToken, refusal, serviceToken, startAuth } from "./testing/auth.ts";

const deadline = { timeout: 110_000 };

test("the first start makes a key, signs what anybody can verify, and publishes what it takes", deadline, async () => {
  await using folder = await temporaryFolder();
  await using auth = await startAuth(folder.path);
  const signed = await auth.orchestrator.sign(serviceToken);
  const published: { keys: Readonly<Record<string, string>>[] } = JSON.parse(await (await fetch(auth.jwks)).text());
  const [jwk] = published.keys;
  assert.deepEqual(
    Object.keys(jwk ?? {}).toSorted(),
    ["alg", "crv", "kid", "kty", "use", "x", "y"],
    "no private member",
  );
  const key = await importJWK({ ...jwk }, "ES384");
  const expected = { issuer: "urn:catalyst:acme", audience: "acme/west", typ: "at+jwt", algorithms: ["ES384"] };
  const { payload, protectedHeader } = await jwtVerify(signed.token, key, expected);
  assert.partialDeepStrictEqual(payload, { sub: "reports", client_id: "reports", scope: "books", jti: signed.jti });
  assert.equal(protectedHeader.kid, signed.kid);
  assert.equal(Number(payload.exp) - Number(payload.iat), 900);
  assert.equal(JSON.parse((await auth.gateway.getJwks({})).jwksJson).keys.length, 1);
  const own = join(folder.path, "auth");
  assert.equal((await stat(own)).mode & 0o777, 0o700);
  for (const name of [`keys/${signed.kid}.pem`, "trust.json", "tokens.json", "pairwise.secret"]) {
    assert.equal((await stat(join(own, name))).mode & 0o777, 0o600, name);
  }
  assert.ok(!auth.running.stderr.includes(signed.token));
});

test("a restart keeps the keys, the list of tokens and what was taken back", deadline, async () => {
  await using folder = await temporaryFolder();
  let kept = { token: "", kid: "", jti: "" };
  let revoked = "";
  let version = 0n;
  {
    await using auth = await startAuth(folder.path);
    kept = await auth.orchestrator.sign(serviceToken);
    const second = await auth.orchestrator.sign(serviceToken);
    revoked = second.token;
    await auth.orchestrator.revoke({ revocation: { what: { case: "jti", value: second.jti }, reason: "lost" } });
    for await (const told of auth.orchestrator.watchTrust({})) {
      ({ version } = told);
      break;
    }
    // Answered is kept: nothing is given to it to clean up.
    await auth.kill();
  }
  await using auth = await startAuth(folder.path);
  const { keys } = await auth.orchestrator.listKeys({});
  assert.deepEqual(
    keys.map(({ kid }) => kid),
    [kept.kid],
  );
  assert.deepEqual((await auth.orchestrator.verify({ token: kept.token })).valid, true);
  const verdict = await auth.orchestrator.verify({ token: revoked });
  assert.deepEqual([verdict.valid, verdict.reason, verdict.claimsJson !== ""], [false, "revoked", true]);
  const { tokens } = await auth.orchestrator.listTokens({});
  assert.deepEqual(
    tokens.map(({ revokedAt }) => revokedAt !== undefined),
    [true, false],
    "the newest first",
  );
  for await (const told of auth.orchestrator.watchTrust({})) {
    assert.ok(told.version >= version);
    assert.partialDeepStrictEqual(told.revocations, [{ reason: "lost" }]);
    break;
  }
});

test("a second process on the same folder is refused while the first lives", deadline, async () => {
  await using folder = await temporaryFolder();
  await using auth = await startAuth(folder.path);
  const second = await catalyst([...authFlags(folder.path), "-o", "json"]);
  assert.equal(second.code, 1);
  assert.match(second.stderr, /CAT-STATE-003/);
  assert.equal((await auth.orchestrator.getStatus({})).ready, true);
});

test(
  "a key file that cannot be used ends the start with 3 and its reason, before anything is bound",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    const passphrase = join(folder.path, "passphrase");
    await writeFile(passphrase, "correct horse battery staple\n", { mode: 0o600 });
    const secret = randomBytes(48).toString("base64url");
    const file = join(folder.path, "key.pem");
    await writeFile(file, `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----\n`, { mode: 0o600 });
    const state = join(folder.path, "s");
    const bad = await catalyst([...authFlags(state, ["--auth-key-file", file]), "-o", "json"]);
    assert.deepEqual([bad.code, bad.stdout], [3, ""]);
    assert.match(bad.stderr, /CAT-KEYS-003 .*key\.pem/);
    assert.ok(!bad.stderr.includes(secret));
    assert.deepEqual(
      (await readdir(state)).filter((name) => name.endsWith(".sock")),
      [],
    );
    {
      await using auth = await startAuth(state, ["--auth-passphrase-file", passphrase]);
      const { kid } = await auth.orchestrator.sign(serviceToken);
      const text = await readFile(join(state, "auth", "keys", `${kid}.pem`), "utf8");
      assert.match(text, /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    }
    const without = await catalyst([...authFlags(state), "-o", "json"]);
    assert.equal(without.code, 3);
    assert.match(without.stderr, /CAT-KEYS-005/);
  },
);

test(
  "nodes that are given one key file sign with it, and call a partner's subjects by the same names",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "key.pem");
    const { makeSigningKey, writeKeyFile } = await import("@catalyst-node/adapters/keys");
    const key = makeSigningKey();
    assert.equal(await writeKeyFile(file, key, undefined), undefined);
    const request = (audience: string) =>
      ({
        token: {
          case: "peer",
          value: { who: { case: "subject", value: "reports" }, actor: "acme/west", audience },
        },
      }) as const;
    const names: unknown[] = [];
    for (const state of ["a", "b"]) {
      await using auth = await startAuth(join(folder.path, state), ["--auth-key-file", file]);
      const signed = await auth.gateway.sign(request("partner/border"));
      assert.equal(signed.kid, key.kid);
      names.push(decodeJwt(signed.token).sub);
      if (state === "a") continue;
      await auth.orchestrator.rotate({ mode: 3 });
      names.push(decodeJwt((await auth.gateway.sign(request("partner/other"))).token).sub, "|");
      names.push(decodeJwt((await auth.gateway.sign(request("another/border"))).token).sub);
    }
    const [first, second, afterRotation, , another] = names;
    assert.match(String(first), /^[\w-]{43}$/);
    assert.deepEqual([second, afterRotation], [first, first]);
    assert.notEqual(another, first);
  },
);

test(
  "what is taken back is told to whoever watches within a second, and a beat comes when nothing changes",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    await using auth = await startAuth(folder.path);
    const { jti } = await auth.orchestrator.sign(serviceToken);
    const watch = auth.orchestrator.watchTrust({})[Symbol.asyncIterator]();
    assert.equal((await watch.next()).value?.revocations.length, 0);
    const told = watch.next();
    const asked = performance.now();
    const answered = await auth.orchestrator.revoke({ revocation: { what: { case: "jti", value: jti } } });
    assert.ok(Number(answered.revocation?.until?.seconds) > Date.now() / 1000);
    assert.equal((await told).value?.revocations.length, 1);
    assert.ok(performance.now() - asked < 1_000);
    const beat = performance.now();
    assert.equal((await watch.next()).value?.revocations.length, 1);
    assert.ok(performance.now() - beat < 10_000);
    await watch.return?.();
  },
);

test("all that was issued before a time is taken back, and what is signed right after is not", deadline, async () => {
  await using folder = await temporaryFolder();
  await using auth = await startAuth(folder.path);
  const before = await auth.orchestrator.sign(serviceToken);
  const now = Date.now() + 1_000;
  const issuedBefore = { seconds: BigInt(Math.floor(now / 1000)), nanos: (now % 1000) * 1_000_000 };
  await auth.orchestrator.revoke({ revocation: { what: { case: "issuedBefore", value: issuedBefore } } });
  const after = await auth.orchestrator.sign(serviceToken);
  assert.equal((await auth.orchestrator.verify({ token: before.token })).reason, "revoked");
  assert.equal((await auth.orchestrator.verify({ token: after.token })).reason, "");
  const ahead = { seconds: BigInt(Math.floor(now / 1000) + 3_600), nanos: 0 };
  const call = auth.orchestrator.revoke({ revocation: { what: { case: "issuedBefore", value: ahead } } });
  assert.equal(await refusal(call), "invalid_argument");
});

test("keys rotate by command, and by a schedule while tokens go on being good", deadline, async () => {
  await using folder = await temporaryFolder();
  await using auth = await startAuth(folder.path, ["--auth-rotate-every", "1s", "--auth-publish-ahead", "500ms"]);
  const signed: string[] = [];
  const kids = new Set<string>();
  for (let end = Date.now() + 4_000; Date.now() < end;) {
    const { token, kid } = await auth.orchestrator.sign(serviceToken);
    signed.push(token);
    kids.add(kid);
    await new Promise((settle) => setTimeout(settle, 50));
  }
  assert.ok(kids.size >= 3, `${kids.size} keys have signed`);
  for (const token of signed) assert.equal((await auth.orchestrator.verify({ token })).reason, "");
  const { keys } = await auth.orchestrator.rotate({ mode: 3, reason: "stolen" });
  assert.equal(keys.length, 1);
  for (const token of signed.slice(-3)) assert.notEqual((await auth.orchestrator.verify({ token })).reason, "");
  const jwks: { keys: unknown[] } = JSON.parse(await (await fetch(auth.jwks)).text());
  assert.equal(jwks.keys.length, 1);
});

test(
  "while its folder cannot be written it gives out no service token and says so, and goes on afterwards",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    await using auth = await startAuth(folder.path);
    const own = join(folder.path, "auth");
    await rename(own, join(folder.path, "away"));
    await writeFile(own, "");
    assert.equal(await refusal(auth.orchestrator.sign(serviceToken)), "unavailable");
    assert.equal(await refusal(auth.gateway.sign(internalToken)), "none", "what is not noted down can be signed");
    assert.equal((await fetch(auth.jwks.replace("/.well-known/jwks.json", "/readyz"))).status, 503);
    assert.equal((await auth.orchestrator.getStatus({})).ready, false);
    const transport = await rpcTransport({ address: auth.running.url("auth-gateway") });
    assert.ok(transport.ok);
    using _transport = transport.value;
    const health = createClient(Health, transport.value);
    assert.equal((await health.check({})).status, 2);
    await rename(own, join(folder.path, "file"));
    await rename(join(folder.path, "away"), own);
    await eventually(
      () => auth.orchestrator.getStatus({}),
      ({ ready }) => ready,
      { within: 10_000 },
    );
    assert.equal((await health.check({})).status, 1);
    await auth.orchestrator.sign(serviceToken);
    assert.equal((await auth.orchestrator.listTokens({})).tokens.length, 1);
  },
);

test(
  "the whole process, killed in the midst of its work, starts again with all that it has answered",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    const answered: string[] = [];
    for (let start = 0; start < 4; start++) {
      const auth = await startAuth(folder.path);
      const work = workUntilGone(auth.orchestrator, answered);
      await new Promise((settle) => setTimeout(settle, 150 + Math.random() * 100));
      await auth.kill();
      await work;
    }
    await using auth = await startAuth(folder.path);
    assert.deepEqual((await auth.orchestrator.getStatus({})).problems, []);
    assert.ok(answered.length > 4, `${answered.length} tokens`);
    const listed = new Set((await auth.orchestrator.listTokens({})).tokens.map(({ jti }) => jti));
    assert.deepEqual(
      answered.filter((jti) => !listed.has(jti)),
      [],
    );
  },
);

/** Signs and rotates until nobody answers. */
async function workUntilGone(client: AuthClient, answered: string[]): Promise<void> {
  for (;;) {
    const signed = await client.sign(serviceToken).catch(() => undefined);
    if (signed === undefined) return;
    answered.push(signed.jti);
    if (answered.length % 5 === 0) await client.rotate({ mode: 3 }).catch(() => undefined);
  }
}

test("SIGTERM ends it with 0, with somebody watching", deadline, async () => {
  await using folder = await temporaryFolder();
  await using auth = await startAuth(folder.path);
  const watch = auth.orchestrator.watchTrust({})[Symbol.asyncIterator]();
  await watch.next();
  const ended = watch.next().catch(() => "ended");
  const began = performance.now();
  assert.equal(await auth.running.stop("SIGTERM"), 0);
  assert.ok(performance.now() - began < 5_000);
  await ended;
  assert.deepEqual(
    (await readdir(folder.path)).filter((name) => name.endsWith(".sock")),
    [],
  );
});
