import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { authV1, Code, ConnectError } from "@catalyst-node/adapters/rpc";
import { decodeJwt } from "jose";
import { temporaryFolder } from "../support/folder.ts";
import { type Auth, node, openAuth, serviceToken, type StartAuth } from "./opened.ts";
import { publishedKeys, verified } from "./published.ts";

const { RotateRequest_Mode: Mode } = authV1;

export function surviving(start: StartAuth): void {
  test("a restart keeps keys, issued tokens, revocations and pseudonyms", async () => {
    await using folder = await temporaryFolder();
    const before = await openAuth(start, folder.path);
    const good = await before.orchestrator.auth.sign(serviceToken({ name: "kept", purpose: "to be kept" }));
    const bad = await before.orchestrator.auth.sign(serviceToken());
    await before.orchestrator.auth.rotate({});
    await before.orchestrator.auth.revoke({ revocation: { what: { case: "jti", value: bad.jti } } });
    const known = await whatIsKnown(before);
    await before[Symbol.asyncDispose]();

    await using after = await openAuth(start, folder.path);
    const { instance, version, ...kept } = await whatIsKnown(after);
    const { instance: ownInstance, version: ownVersion, ...was } = known;
    assert.deepEqual(kept, was);
    assert.notEqual(instance, ownInstance);
    assert.ok(version >= ownVersion, "a version is never told again for something else");
    assert.ok((await after.orchestrator.auth.verify({ token: good.token })).valid);
    await verified(after.running, good.token, { typ: "at+jwt", audience: node });
    assert.equal((await after.orchestrator.auth.verify({ token: bad.token })).reason, "revoked");
  });

  test("what it acknowledged is there after it was killed while it worked", () => surviveKills(start, 3));

  test("its sockets and all that it keeps are its owner's alone", async () => {
    await using folder = await temporaryFolder();
    await using auth = await openAuth(start, folder.path);
    for (const address of [auth.running.orchestrator, auth.running.gateway]) {
      assert.equal((await stat(address.replace(/^unix:/, ""))).mode & 0o777, 0o600, address);
    }
    const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
    assert.ok(entries.some((entry) => entry.isFile()));
    // What is in a private folder is private; one socket more may lie there, for a lock.
    for (const entry of entries.filter((entry) => entry.isFile() || entry.isDirectory())) {
      const path = join(entry.parentPath, entry.name);
      assert.equal((await stat(path)).mode & 0o077, 0, path);
    }
  });
}

/** Kills it so often, each time at another moment of its work, and finds all that it acknowledged until then. */
export async function surviveKills(start: StartAuth, kills: number): Promise<void> {
  await using folder = await temporaryFolder();
  const acknowledged = new Set<string>();
  const revoked = new Set<string>();
  for (let kill = 0; kill < kills; kill += 1) {
    await using auth = await openAuth(start, folder.path);
    await assertKept(auth, acknowledged, revoked);
    const working = [1, 2, 3].map(() => workUntilKilled(auth, acknowledged, revoked));
    await setTimeout(20 + Math.random() * 400);
    await auth.running.kill();
    await Promise.all(working);
  }
  await using auth = await openAuth(start, folder.path);
  assert.ok(acknowledged.size > kills && revoked.size > 0, `${acknowledged.size} signed, ${revoked.size} taken back`);
  await assertKept(auth, acknowledged, revoked);
}

async function whatIsKnown(auth: Auth) {
  const { auth: client } = auth.orchestrator;
  const peer = { who: { case: "subject", value: "reports" }, actor: node, audience: "partner/border" } as const;
  const told = await Array.fromAsync(firstOf(client.watchTrust({}, { timeoutMs: 5_000 })));
  return {
    instance: (await client.getStatus({})).instanceId,
    version: told[0]?.version ?? 0n,
    revocations: told[0]?.revocations,
    keys: (await client.listKeys({})).keys,
    published: await publishedKeys(auth.running),
    tokens: (await client.listTokens({})).tokens,
    pseudonym: decodeJwt((await client.sign({ token: { case: "peer", value: peer } })).token).sub,
  };
}

async function* firstOf<Value>(all: AsyncIterable<Value>): AsyncIterable<Value> {
  for await (const one of all) {
    yield one;
    return;
  }
}

/** Signs, takes back and rotates until it is not answered any more; notes what was acknowledged. */
async function workUntilKilled(auth: Auth, acknowledged: Set<string>, revoked: Set<string>): Promise<void> {
  const { auth: client } = auth.orchestrator;
  const options = { timeoutMs: 5_000 };
  try {
    for (let turn = 0; ; turn += 1) {
      const { jti } = await client.sign(serviceToken(), options);
      acknowledged.add(jti);
      if (turn % 3 === 1) {
        await client.revoke({ revocation: { what: { case: "jti", value: jti } } }, options);
        revoked.add(jti);
      }
      if (turn % 10 === 5) await client.rotate({ mode: turn % 20 === 5 ? Mode.PREPARE : Mode.ACTIVATE }, options);
    }
  } catch (error) {
    assert.ok(error instanceof ConnectError, String(error));
    // Killed; or no more keys are kept beside those that retire.
    assert.ok(![Code.InvalidArgument, Code.Internal, Code.PermissionDenied].includes(error.code), error.message);
  }
}

async function assertKept(auth: Auth, acknowledged: Set<string>, revoked: Set<string>): Promise<void> {
  const { tokens } = await auth.orchestrator.auth.listTokens({});
  const listed = new Map(tokens.map((token) => [token.jti, token]));
  for (const jti of acknowledged) assert.ok(listed.has(jti), `${jti} was issued and is not listed`);
  for (const jti of revoked) assert.ok(listed.get(jti)?.revokedAt, `${jti} was taken back and is not any more`);
}
