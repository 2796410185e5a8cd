import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  activatePrepared,
  addKey,
  endOf,
  isFull,
  type KeyRing,
  type KeySettings,
  nextAt,
  removeKey,
  retireLost,
  stepKeys,
} from "./key-life.ts";

const minute = 60_000;
const settings: KeySettings = { rotateEvery: 600 * minute, publishAhead: 25 * minute, grace: 65 * minute };

/** What the process that owns a ring does: it steps, and gives it the keys that it wants. */
function drive(ring: KeyRing, now: number, by: KeySettings, makeKid: () => string): KeyRing {
  const step = stepKeys(ring, now, by);
  return step.wanted ? addKey(step.ring, makeKid(), now, by) : step.ring;
}

function counter(): () => string {
  let count = 0;
  return () => `k${++count}`;
}

const states = (ring: KeyRing): string => ring.map(({ kid, state }) => `${kid} ${state}`).join(", ");

test("a key is published before it signs, and verifies until its last token has expired", () => {
  const makeKid = counter();
  const at = (ring: KeyRing, minutes: number): KeyRing => drive(ring, minutes * minute, settings, makeKid);
  let ring = at([], 0);
  assert.equal(states(ring), "k1 active");
  ring = at(ring, 574);
  assert.equal(states(ring), "k1 active");
  ring = at(ring, 575);
  assert.equal(states(ring), "k1 active, k2 prepared");
  ring = at(ring, 599);
  assert.equal(states(ring), "k1 active, k2 prepared");
  ring = at(ring, 600);
  assert.equal(states(ring), "k1 retiring, k2 active");
  ring = at(ring, 664);
  assert.equal(states(ring), "k1 retiring, k2 active");
  ring = at(ring, 665);
  assert.equal(states(ring), "k2 active");
});

test("without a schedule nothing changes by itself but what somebody has begun", () => {
  const still = { ...settings, rotateEvery: 0 };
  const ring = addKey(addKey([], "a", 0, still), "b", 5, still);
  assert.equal(stepKeys(addKey([], "a", 0, still), 1e12, still).nextAt, undefined);
  assert.equal(states(stepKeys(ring, 5 + 25 * minute - 1, still).ring), "a active, b prepared");
  assert.equal(states(stepKeys(ring, 5 + 25 * minute, still).ring), "a retiring, b active");
});

test("it is told when each key's next state begins", () => {
  const ring = addKey([], "a", 0, settings);
  assert.deepEqual(
    ring.map((key) => nextAt(key, ring, settings)),
    [600 * minute],
  );
  const both = addKey(ring, "b", 575 * minute, settings);
  assert.deepEqual(
    both.map((key) => nextAt(key, both, settings)),
    [600 * minute, 600 * minute],
  );
  const after = activatePrepared(both, 600 * minute);
  assert.deepEqual(
    after.map((key) => nextAt(key, after, settings)),
    [665 * minute, 1200 * minute],
  );
});

test("a key that was active under longer lifetimes stays for the longest of them", () => {
  const ring = stepKeys(addKey([], "a", 0, settings), 0, { ...settings, grace: 300 * minute }).ring;
  const retired = activatePrepared(addKey(ring, "b", 1, settings), 2);
  assert.equal(endOf(retired[0] ?? assert.fail()), 2 + 300 * minute);
  assert.equal(states(stepKeys(retired, 299 * minute, settings).ring), "a retiring, b active");
});

test("removing the active key lets the prepared one sign at once, and wants a new one where none is", () => {
  const ring = addKey(addKey([], "a", 0, settings), "b", 1, settings);
  assert.equal(states(removeKey(ring, "a", 2)), "b active");
  const none = removeKey(removeKey(ring, "b", 2), "a", 2);
  assert.deepEqual(stepKeys(none, 2, settings), { ring: [], wanted: true, nextAt: undefined });
});

test("a key whose private half is lost signs no more, and what it signed stays good", () => {
  const ring = addKey([], "a", 0, settings);
  const lost = retireLost(ring, "a", 10);
  assert.equal(states(lost), "a retiring");
  assert.equal(states(drive(lost, 10, settings, () => "b")), "a retiring, b active");
  assert.equal(states(retireLost(addKey(ring, "b", 1, settings), "b", 2)), "a active", "one that never signed is gone");
});

test("a ring that is full takes no scheduled key, and does not ask to be looked at without end", () => {
  let ring: KeyRing = [];
  for (let number = 0; !isFull(ring); number++) ring = activatePrepared(addKey(ring, `k${number}`, 0, settings), 0);
  const step = stepKeys(ring, 640 * minute - 600 * minute, settings);
  assert.equal(step.wanted, false);
  assert.equal(step.nextAt, 65 * minute, "room comes with the end of the retiring ones");
});

/** One thing that happens to a ring, or time that passes. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 900 * minute }) }),
  fc.record({ kind: fc.constantFrom("prepare" as const, "activate" as const, "remove" as const, "lose" as const) }),
);
const anySettings = fc.record({
  rotateEvery: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 900 * minute })),
  publishAhead: fc.integer({ min: 0, max: 100 * minute }),
  grace: fc.integer({ min: 65_000, max: 300 * minute }),
});

test("whatever happens and however time passes: exactly one key signs, at most one waits, none outlives its grace", () => {
  fc.assert(
    fc.property(anySettings, fc.array(happening, { maxLength: 40 }), (by, happenings) => {
      const makeKid = counter();
      let now = 1_000_000;
      let ring = drive([], now, by, makeKid);
      for (const what of happenings) {
        const active = ring.find(({ state }) => state === "active")?.kid ?? "";
        if (what.kind === "wait") now += what.ms;
        if (what.kind === "prepare" && !ring.some(({ state }) => state === "prepared") && !isFull(ring)) {
          ring = addKey(ring, makeKid(), now, by);
        }
        if (what.kind === "activate") ring = activatePrepared(ring, now);
        if (what.kind === "remove") ring = removeKey(ring, active, now);
        if (what.kind === "lose") ring = retireLost(ring, active, now);
        ring = drive(ring, now, by, makeKid);
        const count = (state: string): number => ring.filter((key) => key.state === state).length;
        assert.equal(count("active"), 1);
        assert.ok(count("prepared") <= 1);
        assert.ok(ring.every((key) => (endOf(key) ?? Infinity) > now));
        assert.ok(ring.length <= 32);
      }
    }),
  );
});

test("on schedule every key was published long enough before it signed, and no token loses its key before it expires", () => {
  fc.assert(
    fc.property(anySettings, fc.array(fc.integer({ min: 1, max: 200 * minute }), { maxLength: 60 }), (by, waits) => {
      const makeKid = counter();
      let now = 1_000_000;
      let ring = drive([], now, by, makeKid);
      const tokens: { readonly kid: string; readonly until: number }[] = [];
      for (const ms of waits) {
        now += ms;
        ring = drive(ring, now, by, makeKid);
        for (const { kid, activatedAt, createdAt } of ring) {
          if (activatedAt !== undefined && kid !== "k1") assert.ok(activatedAt - createdAt >= by.publishAhead);
        }
        for (const { kid, until } of tokens)
          if (now < until)
            assert.ok(
              ring.some((key) => key.kid === kid),
              kid,
            );
        const active = ring.find(({ state }) => state === "active");
        tokens.push({ kid: active?.kid ?? "", until: now + by.grace });
      }
    }),
  );
});

test("until the time that is told nothing is due", () => {
  fc.assert(
    fc.property(anySettings, fc.array(fc.integer({ min: 1, max: 200 * minute }), { maxLength: 20 }), (by, waits) => {
      const makeKid = counter();
      let now = 0;
      let ring = drive([], now, by, makeKid);
      for (const ms of waits) {
        const { ring: settled, nextAt: due = Infinity, wanted } = stepKeys(ring, now, by);
        const before = Math.min(now + ms, due - 1);
        if (!wanted && before > now) assert.deepEqual(stepKeys(settled, before, by).ring, settled);
        now += ms;
        ring = drive(ring, now, by, makeKid);
      }
    }),
  );
});
