import assert from "node:assert/strict";
import { before, test } from "node:test";
import { join } from "node:path";
import { buildAuthGo } from "../../scripts/setup/auth-go.ts";
import { temporaryFolder } from "../support/folder.ts";
import { statusAs } from "../support/graphql.ts";
import { runNode } from "../support/node.ts";
import { catalyst, eventually } from "../support/process.ts";
import { startAuthGo } from "./go-auth.ts";

before(buildAuthGo, { timeout: 300_000 });

test("a node is served by an auth sidecar in Go", { timeout: 110_000 }, async () => {
  await using folder = await temporaryFolder();
  await using auth = await startAuthGo(folder.path);
  const stateDir = join(folder.path, "node");
  const remote = ["--auth-mode=remote", `--auth-rpc-address=${auth.orchestrator}`, "--gateway-auth-mode=required"];
  const flags = [...remote, `--auth-gateway-rpc-address=${auth.gateway}`];
  await using node = await runNode({ stateDir, flags });
  const own = ["--state-dir", stateDir];
  const status = (token?: string) => statusAs(node.graphql, token);

  // It is not waited for by the start of a node that is not its parent.
  const signed = await eventually(
    () => catalyst(["service-token", ...own, "--subject", "reports", "-o", "json"]),
    ({ code }) => code === 0,
    { within: 30_000 },
  );
  const { token, jti } = JSON.parse(signed.stdout).items[0];
  assert.equal(
    await eventually(
      () => status(token),
      (answered) => answered === 200,
      { within: 20_000 },
    ),
    200,
  );
  assert.equal(await status(), 401);
  const revoked = await catalyst(["token", "revoke", ...own, "--jti", jti, "-o", "json"]);
  assert.equal(revoked.code, 0, revoked.stderr);
  assert.equal(await status(token), 401);
  const keys = await catalyst(["keys", "rotate", ...own, "--activate", "--yes", "-o", "json"]);
  assert.equal(keys.code, 0, keys.stderr);
  assert.equal(JSON.parse(keys.stdout).items.length, 2);
  const next = await catalyst(["service-token", ...own, "--subject", "reports"]);
  assert.equal(
    await eventually(
      () => status(next.stdout.trim()),
      (answered) => answered === 200,
      { within: 10_000 },
    ),
    200,
  );

  await auth.kill();
  assert.equal(await status(next.stdout.trim()), 200, "it verifies by itself");
});
