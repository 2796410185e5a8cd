import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { calculateJwkThumbprint } from "jose";
import { temporaryFolder } from "../support/folder.ts";
import { statusAs } from "../support/graphql.ts";
import { identityNode } from "../support/identity-node.ts";
import { eventually } from "../support/process.ts";
import { makeIssuer } from "../support/tokens.ts";

/** A minute of it is the shortest grace that there is. */
const deadline = { timeout: 240_000 };
/** What clocks may differ by, and the longest life of all tokens but service tokens, in seconds. */
const skew = 5;
const longest = 60;

test("a node takes no token of a retired key after its grace, nor after a restart", deadline, async () => {
  await using folder = await temporaryFolder();
  // The key is ours as well, so that a token can outlive it.
  const owner = makeIssuer();
  const keyFile = join(folder.path, "key.pem");
  const pem = owner.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  await writeFile(keyFile, pem, { mode: 0o600 });
  await using node = await identityNode([`--auth-key-file=${keyFile}`, "--auth-max-token-lifetime=10s"]);
  for (const line of pem.split("\n").filter((line) => line.length === 64)) node.canary.keep(line, "a key file's bytes");
  const kid = await calculateJwkThumbprint(owner.jwk);
  const token = node.canary.keep(owner.sign(owner.serviceClaims({ ttl: 3_000 }), { kid }), "a token by the key file");
  assert.equal(await statusAs(node.graphql, token), 200);
  const rotated = await node.canary.catalyst(["keys", "rotate", "--state-dir", node.stateDir, "--activate", "--yes"]);
  assert.equal(rotated.code, 0, rotated.stderr);
  const began = Date.now();
  assert.equal(await statusAs(node.graphql, token), 200, "in its grace");
  await setTimeout((longest - 5) * 1_000);
  assert.equal(await statusAs(node.graphql, token), 200, "still in its grace");
  const end = began + (longest + skew) * 1_000;
  await eventually(
    () => statusAs(node.graphql, token),
    (status) => status === 401,
    { within: end + 4_000 - Date.now(), every: 100 },
  );
  assert.ok(Date.now() >= end - 1_000, "and not before");
  assert.equal(await statusAs(node.graphql, await node.token("--ttl", "10s")), 200);
  await node.restart();
  assert.equal(await statusAs(node.graphql, token), 401, "after a restart");
  const good = await node.token("--ttl", "10s");
  assert.equal(
    await eventually(
      () => statusAs(node.graphql, good),
      (status) => status === 200,
    ),
    200,
  );
  const { stdout } = await node.canary.catalyst(["keys", "list", "--state-dir", node.stateDir, "-o", "json"]);
  assert.ok(!stdout.includes(kid), "it is not taken in again from its file");
  await node.assertSilent();
});
