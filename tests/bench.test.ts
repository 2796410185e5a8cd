import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "./support/tree.ts";

test("a benchmark runs, and tells its figures as one JSON document", { timeout: 60_000 }, async () => {
  const args = [`${root}bench/run.ts`, "reload", "--rounds", "1", "-o", "json"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  const { kind, items } = JSON.parse(stdout);
  assert.equal(kind, "Benchmark");
  const [{ name, figures }] = items;
  assert.equal(name, "reload");
  const value = (of: string): unknown =>
    figures.find((figure: { readonly name: string }) => figure.name === of)?.median;
  assert.equal(value("failed requests"), 0);
  assert.equal(value("answers of mixed schema"), 0);
  assert.ok(Number(value("requests answered")) > 0);
  assert.ok(Number(value("push to visible")) > 0);
});

test("a benchmark that does not exist is a matter of usage", async () => {
  const running = promisify(execFile)(process.execPath, [`${root}bench/run.ts`, "relaod"], { timeout: 60_000 });
  await assert.rejects(running, { code: 2, stderr: /Benches: .*reload/ });
});
