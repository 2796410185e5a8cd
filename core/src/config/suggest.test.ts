import assert from "node:assert/strict";
import { test } from "node:test";
import { didYouMean, editDistance, suggest } from "./suggest.ts";

const keys = ["organization", "node", "stateDir", "services", "gateway", "export", "url"];

test("a slip of the fingers leads to the key that was meant", () => {
  assert.equal(suggest("exprot", keys), "export");
  assert.equal(suggest("organisation", keys), "organization");
  assert.equal(suggest("servces", keys), "services");
  assert.equal(suggest("statedir", keys), "stateDir");
  assert.equal(suggest("ulr", keys), "url");
});

test("a word that resembles nothing leads to no guess", () => {
  assert.equal(suggest("telemetry", keys), undefined);
  assert.equal(suggest("x", ["a", "b"]), undefined);
  assert.equal(didYouMean("x".repeat(100_000), keys), "");
});

test("two neighbours swapped count as one slip", () => {
  assert.equal(editDistance("exprot", "export"), 1);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("same", "same"), 0);
});
