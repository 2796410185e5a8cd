import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, symlinkSync } from "node:fs";
import { test } from "node:test";
import { text } from "node:stream/consumers";
import { temporaryFolder } from "../support/folder.ts";
import { read, root } from "../support/tree.ts";
import { blocksOf } from "./blocks.ts";

/** Where the page's ports are free, whatever else runs on this machine: a network of its own. */
const apart = `ip link set lo up && exec "$@"`;

test("every code block of README.md does what it says", { timeout: 240_000 }, async (t) => {
  const blocks = blocksOf(read("README.md"));
  assert.ok(blocks.length > 5);
  await using folder = await temporaryFolder();
  // As a clone in which nobody has run anything yet.
  for (const name of readdirSync(root))
    if (name !== "catalyst.json" && !name.startsWith(".")) symlinkSync(root + name, `${folder.path}/${name}`);
  const runner = [process.execPath, `${root}tests/readme/main.ts`, `${root}README.md`];
  const unshare = ["--user", "--map-root-user", "--net", "--", "sh", "-c", apart, "sh", ...runner];
  // It tells Node that this is a test already, and that tests started from here are not to be run.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn("unshare", process.getuid?.() === 0 ? unshare.slice(2) : unshare, {
    cwd: folder.path,
    env: { ...env, NO_COLOR: "1", PATH: `${root}node_modules/.bin:${env["PATH"] ?? ""}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  const told: readonly { readonly line: number; readonly wrong?: string }[] = out
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  for (const { line, wrong } of told) assert.equal(wrong, undefined, `README.md:${line}: ${wrong}`);
  assert.equal(told.length, blocks.length, err);
  t.diagnostic(`${blocks.length} blocks`);
});
