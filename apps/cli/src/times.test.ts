import assert from "node:assert/strict";
import { test } from "node:test";
import { formatAge, isoTime, secondsSince } from "./times.ts";

const noon = { seconds: 1_795_521_600n, nanos: 250_000_000 };

test("what never was is never, in words and in seconds", () => {
  assert.equal(isoTime(undefined), "never");
  assert.equal(formatAge(secondsSince(undefined, new Date())), "never");
});

test("a time is ISO 8601 in UTC", () => {
  assert.equal(isoTime(noon), "2026-11-24T12:00:00.250Z");
});

test("a clock that is behind the node's gives an age of 0, not a negative one", () => {
  assert.equal(secondsSince(noon, new Date("2026-11-24T11:59:00Z")), 0);
});

for (const [seconds, text] of [
  [0, "0s"],
  [59, "59s"],
  [60, "1m"],
  [185, "3m5s"],
  [7_500, "2h5m"],
  [3_601, "1h"],
  [356_400, "4d3h"],
] as const) {
  test(`${seconds} seconds are ${text}`, () => assert.equal(formatAge(seconds), text));
}
