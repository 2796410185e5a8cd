import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../../../tests/support/folder.ts";

const catalyst = fileURLToPath(new URL("catalyst.js", import.meta.url));

function version(env: Readonly<Record<string, string>>): string {
  return execFileSync(process.execPath, [catalyst, "version"], { env, encoding: "utf8", timeout: 20_000 });
}

test("compiled code is kept in the user's cache folder", async () => {
  await using folder = await temporaryFolder();
  version({ XDG_CACHE_HOME: folder.path });
  assert.ok(existsSync(join(folder.path, "catalyst", "compiled")));
});

test("without a home, or with one that cannot be written, all else is the same", () => {
  assert.match(version({}), /^catalyst /);
  assert.match(version({ HOME: "/dev/null" }), /^catalyst /);
});
