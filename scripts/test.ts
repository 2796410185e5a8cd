/**
 * Runs every test of the tree after `scripts/setup.ts`, and ends with one line
 * `N passed, N failed[, N skipped]`. With CI=true a skipped test is a failed run: a missing tool must
 * not look like a success. Arguments: parts of file names, to run fewer.
 */
import { globSync } from "node:fs";
import { cpus } from "node:os";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const ci = process.env["CI"] === "true";
/** Longest a single test may take before it counts as failed, in ms. */
const testTimeout = 120_000;

const missing = await setup();
for (const need of missing) process.stderr.write(`missing: ${need}\n`);
if (ci && missing.length > 0) {
  process.stdout.write(`0 passed, ${missing.length} failed\n`);
  process.exit(1);
}

const wanted = process.argv.slice(2);
const files = ["core", "adapters", "apps", "examples", "tests", "scripts"]
  .flatMap((folder) => globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude: (name) => name === "node_modules" }))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .toSorted();

const counts = { passed: 0, failed: 0, skipped: 0 };
const events = run({ files, cwd: root, concurrency: Math.max(2, cpus().length), timeout: testTimeout });
events.on("test:pass", ({ details, skip, todo }) => {
  if (details.type === "suite") return;
  counts[skip !== undefined || todo !== undefined ? "skipped" : "passed"] += 1;
});
events.on("test:fail", ({ details }) => {
  if (details.type !== "suite") counts.failed += 1;
});
for await (const text of events.compose(new spec())) process.stdout.write(String(text));

const { passed, failed, skipped } = counts;
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
process.exitCode = failed > 0 || passed === 0 || (ci && skipped > 0) ? 1 : 0;
