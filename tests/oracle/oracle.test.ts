import assert from "node:assert/strict";
import { test } from "node:test";
import { runOracle } from "./oracle.ts";

test("up to 1,000 generated operations answer as graphql-js does on one plain schema", async () => {
  const { findings, same, coverage } = await runOracle({
    seed: "default",
    operations: 1_000,
    processes: 2,
    seconds: 60,
  });
  assert.deepEqual(
    findings.map(({ id }) => `npm run oracle -- --case ${id}`),
    [],
  );
  assert.ok(same > 50, "answers were compared");
  // A machine that is busy with everything else compares fewer, and meets less.
  if (same < 1_000) return;
  const unmet = [...coverage].filter(([, count]) => count === 0).map(([name]) => name);
  assert.deepEqual(unmet, [], "each feature is met at least once");
});
