import assert from "node:assert/strict";
import { test } from "node:test";
import { inSlices } from "./in-slices.ts";

function* busy(steps: number, each: number): Generator<undefined, string> {
  for (let step = 0; step < steps; step++) {
    const end = performance.now() + each;
    while (performance.now() < end);
    yield;
  }
  return "done";
}

test("others have their turn many times while a long computation goes on", async () => {
  let turns = 0;
  const others = setInterval(() => (turns += 1), 1);
  assert.equal(await inSlices(busy(100, 1), new AbortController().signal), "done");
  clearInterval(others);
  assert.ok(turns >= 5, `${turns} turns`);
});

test("a short one is done within the turn in which it began", async () => {
  let turn = 0;
  const next = setImmediate(() => (turn += 1));
  assert.equal(await inSlices(busy(3, 0), new AbortController().signal), "done");
  clearImmediate(next);
  assert.equal(turn, 0);
});

test("one that is aborted ends without an answer", async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 20);
  const began = performance.now();
  assert.equal(await inSlices(busy(10_000, 1), abort.signal), undefined);
  assert.ok(performance.now() - began < 2_000);
});
