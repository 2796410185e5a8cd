import assert from "node:assert/strict";
import { test } from "node:test";
import { Evaluator } from "./evaluator.ts";
import { gapCase, gapOf, gaps } from "./gaps.ts";

for (const gap of gaps) {
  test(`${gap.name} still is a gap, so it stays excused`, async () => {
    const evaluator = new Evaluator();
    try {
      const outcome = await evaluator.plan(gapCase(gap));
      assert.equal(gapOf(outcome)?.name, gap.name, JSON.stringify(outcome));
    } finally {
      evaluator.stop();
    }
  });
}
