import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { openCustody } from "./open-custody.ts";
import { custodyConfig } from "./testing/configuration.ts";

const writer = new URL("testing/custody-writer.ts", import.meta.url).pathname;
/** So many folders at once, each killed so often one after the other. */
const lanes = 4;
const kills = 25;

test(
  "killed at 100 random moments of writing keys and registry, everything that was answered is there each time",
  {
    timeout: 110_000,
  },
  async () => {
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        await using folder = await temporaryFolder();
        let next = 0;
        for (let kill = 0; kill < kills; kill++) {
          const lines = await writeAndDie(folder.path, next);
          next = await examine(folder.path, lines, next);
        }
      }),
    );
  },
);

/** What a writer has told until it was killed. */
async function writeAndDie(stateDir: string, first: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [writer, stateDir, String(first)], {
    stdio: ["ignore", "pipe", "inherit"],
    // A hundred starts are most of what this test costs.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), "catalyst-compile-cache") },
  });
  let told = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (told += text));
  const [event] = await Promise.race([once(child.stdout, "data"), once(child, "exit").then(() => ["ended"])]);
  assert.notEqual(event, "ended");
  await sleep(Math.random() * 25);
  child.kill("SIGKILL");
  await once(child, "close");
  return told.split("\n").slice(0, -1);
}

/** Loads what is there, and compares it with what was told; the number to go on with. */
async function examine(stateDir: string, lines: readonly string[], first: number): Promise<number> {
  const opened = await openCustody(custodyConfig(stateDir, { rotateEvery: 0 }));
  assert.ok(opened.ok, JSON.stringify(opened));
  await using owned = opened.value;
  const { custody, told } = owned;
  assert.deepEqual(told, []);
  assert.deepEqual(custody.problems, []);
  const { ring, revocations, publics } = custody.held;
  assert.equal(ring.filter(({ state }) => state === "active").length, 1);
  assert.equal(publics.length, ring.length);
  const ofUse = ring.filter(({ state }) => state !== "retiring").map(({ kid }) => `${kid}.pem`);
  const files = await readdir(join(stateDir, "auth", "keys"));
  for (const name of ofUse) assert.ok(files.includes(name), "each key that signs or will has its file");
  const jtis = new Set(custody.registry.map(({ jti }) => jti));
  const revoked = new Set(revocations.map(({ what }) => (what.kind === "jti" ? what.jti : "")));
  for (const line of lines) {
    const [what, name = ""] = line.split(" ");
    if (what === "issued") assert.ok(jtis.has(name), `${line} is lost`);
    if (what === "revoked") assert.ok(revoked.has(name), `${line} is lost`);
  }
  const rotated = lines.findLast((line) => /^(?:active|prepared) /.test(line))?.split(" ")[1];
  // One more rotation may have been kept and not told; when it was an emergency, it has left nothing but its own key.
  if (rotated !== undefined) assert.ok(ring.length === 1 || ring.some(({ kid }) => kid === rotated));
  return first + lines.filter((line) => line.startsWith("issued ")).length + 1;
}
