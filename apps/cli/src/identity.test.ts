import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { decodeJwt } from "jose";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { statusAs } from "../../../tests/support/graphql.ts";
import { runNode } from "../../../tests/support/node.ts";
import { type Finished, type Running, catalyst } from "../../../tests/support/process.ts";

/** One node for all tests of this file, in their order: the last of them take back what the first have signed. */
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let node: Running;

before(async () => {
  folder = await temporaryFolder();
  const flags = ["--auth-mode", "embedded", "--auth-listen", "127.0.0.1:0", "--gateway-auth-mode", "required"];
  node = await runNode({ stateDir: folder.path, flags: [...flags, "--log-level", "silent"] });
});

after(async () => {
  await node?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

/** A command that asks by the admin socket, which the environment names, as in a container. */
function run(...args: readonly string[]): Promise<Finished> {
  return catalyst(args, { env: { CATALYST_STATE_DIR: folder.path } });
}

async function mint(...flags: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run("service-token", "--subject", "robot", ...flags);
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

async function verify(token: string, ...flags: readonly string[]): Promise<Finished> {
  const file = join(folder.path, "token");
  await writeFile(file, token, { mode: 0o600 });
  return run("token", "verify", "--token-file", file, ...flags);
}

function status(token?: string): Promise<number> {
  return statusAs(node.graphql, token);
}

test("service-token prints the token alone, for this node, and the gateway answers by it and by nothing else", async () => {
  const token = await mint("--scope", "read", "--scope", "write", "--ttl", "10m");
  assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]{128}$/);
  const claims = decodeJwt(token);
  assert.deepEqual(
    [claims.sub, claims.aud, claims["scope"], Number(claims.exp) - Number(claims.iat)],
    ["robot", "acme/west", "read write", 600],
  );
  assert.deepEqual([await status(token), await status()], [200, 401]);
});

test("token verify says yes with exit 0, and why not with exit 1, in every form", async () => {
  const token = await mint();
  assert.match((await verify(token)).stdout, /^Token: +valid$/m);
  const elsewhere = await verify(token, "--audience", "acme/east", "-o", "json");
  const [item] = JSON.parse(elsewhere.stdout).items;
  assert.deepEqual([elsewhere.code, item.valid, item.reason], [1, false, "audience"]);
  const peer = await verify(token, "--class", "peer");
  assert.equal(peer.code, 1);
  assert.match(peer.stdout, /^Reason: +class$/m);
});

test("what auth refuses is told with its own code, and exits 1", async () => {
  for (const flags of [
    ["--ttl", "25h"],
    ["--audience", "nowhere"],
  ]) {
    const { code, stdout, stderr } = await run("service-token", "--subject", "robot", ...flags);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, /^CAT-TRUST-00\d /);
  }
});

test("check and status speak of the identity of the node", async () => {
  const [check, told] = await Promise.all([
    catalyst(["check", "--only", "identity", "--api", node.url("api")]),
    catalyst(["status", "--api", node.url("api")]),
  ]);
  assert.equal(check.code, 0, check.stdout);
  assert.match(check.stdout, /ok +auth has an active key and signs$/m);
  assert.match(check.stdout, /ok +a request without a token is refused$/m);
  assert.match(told.stdout, /^Tokens: +required, for acme\/west, of 1 issuer$/m);
  assert.match(told.stdout, /^Key: +[\w-]{43} active$/m);
});

test("token list shows what was signed and never a token; one that is taken back is refused at once", async () => {
  const token = await mint("--name", "nightly", "--purpose", "reports");
  const list = await run("token", "list", "-o", "json");
  const { items } = JSON.parse(list.stdout) as {
    readonly items: readonly { name: string; jti: string; state: string }[];
  };
  const [newest] = items;
  assert.deepEqual([newest?.name, newest?.state], ["nightly", "good"]);
  assert.doesNotMatch(list.stdout, /eyJ/);
  assert.equal(await status(token), 200);
  const revoked = await run("token", "revoke", "--jti", newest?.jti ?? "", "--reason", "lost");
  assert.equal(revoked.code, 0, revoked.stderr);
  assert.match(revoked.stdout, /^Effective: +yes/m);
  assert.equal(await status(token), 401);
  assert.match((await verify(token)).stdout, /^Reason: +revoked$/m);
  assert.match((await run("token", "list")).stdout, new RegExp(`^${newest?.jti} +revoked `, "m"));
});

test("keys rotate prepares the next key, --activate lets it sign, --emergency ends all before", async () => {
  const states = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run("keys", ...args, "-o", "json");
    assert.equal(code, 0, stderr);
    const { items } = JSON.parse(stdout) as { readonly items: readonly { kid: string; state: string }[] };
    return items.map(({ state }) => state).toSorted((a, b) => a.localeCompare(b));
  };
  const before = await mint();
  assert.deepEqual(await states("rotate"), ["active", "prepared"]);
  assert.deepEqual(await states("rotate", "--activate", "--yes"), ["active", "retiring"]);
  const { stdout } = await catalyst(["keys", "jwks", "--api", node.url("api")]);
  assert.equal(JSON.parse(stdout).keys.length, 2);
  assert.doesNotMatch(stdout, /"d"/);
  assert.equal(await status(before), 200);
  assert.deepEqual(await states("rotate", "--emergency", "--yes"), ["active"]);
  assert.match((await verify(before)).stdout, /^Reason: +(?:unknown-key|revoked)$/m);
});
