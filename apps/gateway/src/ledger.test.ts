import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, compareRevisions, emptyLedger, judge, type Ledger, refuse, type Revision, see } from "./ledger.ts";

const revision = (epoch: number, number: number): Revision => ({ epoch: BigInt(epoch), number: BigInt(number) });
const entry = (at: Revision, digest: string) => ({ revision: at, digest, at: 1 });
const served: Ledger = apply(see(emptyLedger, revision(2, 5)), entry(revision(2, 5), "a"));

test("a greater epoch beats any number of a smaller one", () => {
  assert.equal(compareRevisions(revision(2, 0), revision(1, 900)), 1);
  assert.equal(judge(served, revision(1, 900), "b"), "superseded");
  assert.equal(judge(served, revision(3, 0), "b"), "build");
});

test("an equal digest is unchanged, whatever greater revision brings it; no digest is never equal", () => {
  assert.equal(judge(served, revision(2, 6), "a"), "unchanged");
  assert.equal(judge(served, revision(2, 5), "a"), "unchanged");
  const undigested = apply(served, entry(revision(2, 5), ""));
  assert.equal(judge(undigested, revision(2, 6), ""), "build");
});

test("the same revision with another content is a contradiction", () => {
  assert.equal(judge(served, revision(2, 5), "b"), "conflict");
});

test("what was seen and is still being built outdates whatever is older", () => {
  const building = see(served, revision(2, 9));
  assert.equal(judge(building, revision(2, 8), "b"), "superseded");
  assert.equal(judge(building, revision(2, 9), "b"), "build");
  assert.equal(see(building, revision(2, 1)), building);
});

test("a refusal leaves what is applied and may be tried again; an application forgets the refusal", () => {
  const problems = [{ code: "CAT-GATEWAY-031", path: "schema", message: "" }] as const;
  const refused = refuse(see(served, revision(2, 6)), entry(revision(2, 6), "b"), problems);
  assert.deepEqual(refused.applied, served.applied);
  assert.equal(judge(refused, revision(2, 6), "b"), "build");
  assert.equal(apply(refused, entry(revision(2, 6), "b")).refused, undefined);
});
