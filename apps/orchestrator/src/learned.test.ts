import assert from "node:assert/strict";
import { test } from "node:test";
import type { Learned } from "@catalyst-node/core/node";
import { parseLearned } from "./learned.ts";

const service = {
  name: "a",
  url: "http://a/",
  sdl: "type Query",
  sha256: "x",
  source: "file",
  bytes: 10,
  fetchedAt: 1,
} as const;
const learned: Learned = { epoch: 3, services: [service] };

test("what was kept is read as it was", () => {
  assert.deepEqual(parseLearned(JSON.parse(JSON.stringify(learned))), learned);
});

test("whatever is not that is nothing, not half of it", () => {
  for (const strange of [
    null,
    [],
    {},
    { ...learned, epoch: -1 },
    { ...learned, epoch: 2 ** 60 },
    { ...learned, services: {} },
    { ...learned, services: [service, { ...service, sdl: 5 }] },
    { ...learned, services: [{ ...service, source: "guess" }] },
  ]) {
    assert.equal(parseLearned(strange), undefined);
  }
});
