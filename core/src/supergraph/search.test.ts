import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Attempt } from "./attempt.ts";
import { supergraphProblem } from "./problems.ts";
import { beginSearch, learnAttempt, nextAttempt, type Outcome, outcomeOf, type Verdict } from "./search.ts";

/** A world in which sets of services compose by simple laws, to search in. */
type World = {
  readonly order: readonly string[];
  /** Pairs that contradict each other. */
  readonly conflicts?: readonly (readonly [string, string])[];
  /** Service -> what it needs beside it. */
  readonly needs?: Readonly<Record<string, string>>;
  readonly wrong?: readonly string[];
  readonly killers?: readonly string[];
  /** How many the composer can do at once. */
  readonly room?: number;
};

function attempt(world: World, set: readonly string[]): Attempt {
  if (set.some((name) => world.killers?.includes(name))) return { kind: "died", reason: "took longer than 10 s" };
  if (set.length > (world.room ?? Infinity)) return { kind: "died", reason: "took longer than 10 s" };
  const wrong = set.filter((name) => world.wrong?.includes(name));
  if (wrong.length > 0) {
    return {
      kind: "rejected",
      wrong: wrong.map((name) => supergraphProblem("CAT-SUPERGRAPH-003", name, "Unknown type")),
      conflicts: [],
    };
  }
  const pairs = (world.conflicts ?? []).filter((pair) => pair.every((name) => set.includes(name)));
  const missing = set.filter((name) => world.needs?.[name] !== undefined && !set.includes(world.needs[name]));
  const conflicts = [
    ...pairs.map(([a, b]) => supergraphProblem("CAT-SUPERGRAPH-004", "", `"Query.x" is in "${a}" and "${b}"`)),
    ...missing.map(() => supergraphProblem("CAT-SUPERGRAPH-004", "", "a field is external everywhere")),
  ];
  if (conflicts.length > 0) return { kind: "rejected", wrong: [], conflicts };
  return { kind: "composed", supergraph: { sdl: set.join(), apiSdl: "", digest: set.join() } };
}

function search(world: World, excluded?: ReadonlyMap<string, Verdict>): { outcome: Outcome; attempts: number } {
  let state = beginSearch(world.order, excluded);
  for (let attempts = 0; attempts < 5_000; attempts++) {
    const set = nextAttempt(state);
    const outcome = outcomeOf(state);
    if (set === undefined || outcome !== undefined) {
      assert.ok(set === undefined && outcome !== undefined, "either there is a next attempt or an outcome");
      return { outcome, attempts };
    }
    state = learnAttempt(state, attempt(world, set));
  }
  assert.fail("the search does not end");
}

test("what composes at once takes one attempt", () => {
  const { outcome, attempts } = search({ order: ["a", "b", "c"] });
  assert.deepEqual([outcome.services, outcome.quarantined.size, attempts], [["a", "b", "c"], 0, 1]);
});

test("no service at all is the empty set, without any attempt", () => {
  assert.deepEqual(search({ order: [] }), {
    outcome: { supergraph: undefined, services: [], quarantined: new Map() },
    attempts: 0,
  });
});

test("of two that contradict each other the later one leaves, and its problem names both", () => {
  const { outcome } = search({ order: ["a", "b", "c"], conflicts: [["c", "a"]] });
  assert.deepEqual(outcome.services, ["a", "b"]);
  assert.match(outcome.quarantined.get("c")?.problems[0]?.message ?? "", /"c" and "a"/);
});

test("a service wrong by itself leaves with its own problem and is not tried again", () => {
  const { outcome, attempts } = search({ order: ["a", "b", "c"], wrong: ["b"] });
  assert.deepEqual([outcome.services, attempts], [["a", "c"], 2]);
  assert.equal(outcome.quarantined.get("b")?.problems[0]?.code, "CAT-SUPERGRAPH-003");
});

test("a service that needs a later one is not lost by the order", () => {
  const world: World = {
    order: ["reviews", "products", "bad"],
    needs: { reviews: "products" },
    conflicts: [["bad", "products"]],
  };
  assert.deepEqual(search(world).outcome.services, ["reviews", "products"]);
});

test("a service that kills the composer is found and left alone; the rest composes", () => {
  const { outcome } = search({ order: ["a", "b", "c"], killers: ["b"] });
  assert.deepEqual(outcome.services, ["a", "c"]);
  assert.equal(outcome.quarantined.get("b")?.kind, "fatal");
  const excluded = new Map([["b", { kind: "fatal", problems: [] } as const]]);
  assert.equal(search({ order: ["a", "b", "c"], killers: ["b"] }, excluded).attempts, 1);
});

test("one broken service among a hundred is found in about log2(100) attempts", () => {
  const order = Array.from({ length: 100 }, (_, index) => `s${index}`);
  const { outcome, attempts } = search({ order, conflicts: [["s3", "s70"]] });
  assert.deepEqual([...outcome.quarantined.keys()], ["s70"]);
  assert.ok(attempts <= 10, `${attempts} attempts`);
});

test("of more than compose together the first ones stay, and the many others do not each cost a search", () => {
  const order = Array.from({ length: 300 }, (_, index) => `s${index}`);
  const { outcome, attempts } = search({ order, room: 200, wrong: ["s7"] });
  assert.deepEqual(
    outcome.services,
    order.slice(0, 201).filter((name) => name !== "s7"),
  );
  assert.match(outcome.quarantined.get("s299")?.problems[0]?.message ?? "", /more than 200 services/);
  // Each alone once, and two searches of about log2(300).
  assert.ok(attempts < 300 + 30, `${attempts} attempts`);
});

test("whatever is wrong, what is found composes and each one left out for a conflict breaks it", () => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const name = fc.constantFrom(...names);
  const worlds = fc.record({
    order: fc.shuffledSubarray(names),
    conflicts: fc.array(
      fc.tuple(name, name).filter(([a, b]) => a !== b),
      { maxLength: 5 },
    ),
    needs: fc.dictionary(name, name, { maxKeys: 2 }),
    wrong: fc.subarray(names, { maxLength: 2 }),
    killers: fc.subarray(names, { maxLength: 1 }),
  });
  fc.assert(
    fc.property(worlds, (world) => {
      const { outcome } = search(world);
      if (outcome.services.length > 0) assert.equal(attempt(world, outcome.services).kind, "composed");
      for (const [left, { kind, problems }] of outcome.quarantined) {
        assert.ok(problems.length > 0, `${left} is told why`);
        if (kind !== "conflict") continue;
        const joined = world.order.filter((name) => name === left || outcome.services.includes(name));
        assert.notEqual(attempt(world, joined).kind, "composed", `${left} would have composed`);
      }
      assert.deepEqual(
        [...outcome.services, ...outcome.quarantined.keys()].toSorted(),
        world.order.toSorted(),
        "every service is either in or out",
      );
    }),
    { numRuns: 500 },
  );
});
