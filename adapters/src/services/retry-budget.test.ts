import assert from "node:assert/strict";
import { test } from "node:test";
import { RetryBudget } from "./retry-budget.ts";

/** How often it may be taken. */
function taken(budget: RetryBudget, percent: number): number {
  let count = 0;
  while (count < 1_000 && budget.take(percent)) count += 1;
  return count;
}

test("a service that was hardly asked has ten repeated", () => {
  assert.equal(taken(new RetryBudget(), 20), 10);
});

test("of what was asked, the share is repeated", (t) => {
  t.mock.method(performance, "now", () => 0);
  const budget = new RetryBudget();
  for (let count = 0; count < 1_000; count += 1) budget.count();
  assert.equal(taken(budget, 20), 210);
  assert.equal(taken(budget, 20), 0);
});

test("what was asked long ago earns nothing more", (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const budget = new RetryBudget();
  for (let count = 0; count < 1_000; count += 1) budget.count();
  now = 100_000;
  // As if they had come evenly: a tenth of them in the last ten seconds.
  assert.equal(taken(budget, 20), 30);
  now = 110_000;
  assert.equal(taken(budget, 20), 10);
  now = 111_000;
  assert.equal(taken(budget, 20), 1);
});

test("with a share of none nothing is repeated", () => {
  assert.equal(taken(new RetryBudget(), 0), 0);
});
