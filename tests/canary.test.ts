import assert from "node:assert/strict";
import { test } from "node:test";
import { Canary } from "./support/canary.ts";

test("a canary finds a secret, and each part of a token, whatever stands around it", () => {
  const canary = new Canary();
  canary.keep("header.claims-of-it.signature-of-it", "a token");
  canary.keep("hunter2", "a secret");
  canary.hears("a log")("nothing to see");
  assert.deepEqual(canary.found(), []);
  canary.hears("a log")("refused: claims-");
  canary.hears("a log")("of-it …");
  canary.hears("a status")(`{"passphrase":"hunter2"}`);
  assert.deepEqual(canary.found(), ["a token in a log", "a secret in a status"]);
  assert.throws(() => canary.assertSilent());
});
