import assert from "node:assert/strict";
import { test } from "node:test";
import { assert as assertProperty, json, property } from "fast-check";
import { isNestedDeeper } from "./json-nesting.ts";
import { quickly } from "../../../tests/support/quickly.ts";

/** The levels of a value once it is parsed. */
function levelsOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Object.values(value).reduce((most: number, each) => Math.max(most, levelsOf(each)), 0);
}

test("objects and lists within each other are counted, beside each other they are not", () => {
  assert.equal(isNestedDeeper(`{"a":[{"b":1},{"b":[]}],"c":{}}`, 4), false);
  assert.equal(isNestedDeeper(`{"a":[{"b":1},{"b":[]}],"c":{}}`, 3), true);
});

test("brackets in strings are text, whatever is escaped there", () => {
  const texts = [
    String.raw`["[[[["]`,
    String.raw`["\"[[[["]`,
    String.raw`["\\","[[[["]`,
    String.raw`{"[[\\\"[[":"\\\\"}`,
  ];
  for (const text of texts) {
    assert.equal(isNestedDeeper(text, 1), false, text);
    assert.equal(isNestedDeeper(`[${text}]`, 1), true, text);
  }
});

test("any JSON is as deep as what it is parsed to", () => {
  assertProperty(
    property(json({ maxDepth: 6 }), (text) => {
      const levels = levelsOf(JSON.parse(text));
      assert.equal(isNestedDeeper(text, levels), false);
      if (levels > 0) assert.equal(isNestedDeeper(text, levels - 1), true);
    }),
  );
});

test("what is no JSON takes no longer than what is", () => {
  const texts = [
    "[".repeat(100_000),
    "]".repeat(256_000),
    `"${"\\".repeat(256_000)}`,
    `"${'\\"'.repeat(128_000)}`,
    '"'.repeat(256_000),
  ];
  for (const text of texts) quickly(() => isNestedDeeper(text, 200_000));
  assert.equal(isNestedDeeper("[".repeat(100_000), 32), true);
});
