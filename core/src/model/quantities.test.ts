import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { formatDuration, formatSize, longestDuration, parseDuration, parseSize } from "./quantities.ts";

test("a duration is written in its largest whole unit and reads back as the same number", () => {
  assert.equal(formatDuration(90_000), "90s");
  assert.equal(formatDuration(3_600_000), "1h");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: longestDuration }), (value) => {
      assert.equal(parseDuration(formatDuration(value)), value);
    }),
  );
});

test("a size is written in its largest whole unit and reads back as the same number", () => {
  assert.equal(formatSize(1536), "1536B");
  assert.equal(formatSize(4 * 1024 ** 2), "4MiB");
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999_999_999 }), (value) => {
      assert.equal(parseSize(formatSize(value)), value);
    }),
  );
});

test("a bare number, a fraction, zero and an unknown unit are refused", () => {
  for (const text of ["5", "1.5s", "0s", "-1s", "5 s", "5S", "5sec", "", "05s"]) {
    assert.match(String(parseDuration(text)), /is not a duration/, text);
  }
  for (const text of ["5", "5MB", "0B", "5kB", ""]) assert.match(String(parseSize(text)), /is not a size/, text);
});

test("a duration that no timer can wait is refused", () => {
  assert.equal(parseDuration(`${longestDuration}ms`), longestDuration);
  assert.match(String(parseDuration(`${longestDuration + 1}ms`)), /longer than/);
  assert.match(String(parseSize("999999999999GiB")), /too large/);
});
