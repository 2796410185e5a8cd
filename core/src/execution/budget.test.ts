import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import { array, assert as assertProperty, nat, property } from "fast-check";
import { parse } from "graphql";
import { checkBudget } from "./budget.ts";

const check = (text: string, limit?: number) => {
  const result = checkBudget(parse(text), limit);
  return result.ok ? result.value : result.problems.map(({ code }) => code).join();
};

test("fields are counted with their fragments written out", () => {
  assert.equal(check("{ a b { c ...F } ... on X { d } } fragment F on X { e f { g } }"), 7);
  assert.equal(check("{ ...F ...F } fragment F on X { a b }"), 4);
});

test("a document of several operations has the size of its largest", () => {
  assert.equal(check("query A { a } query B { a b c }"), 3);
});

test("an operation over the budget is refused, one that just fits is not", () => {
  assert.equal(check("{ a b c }", 3), 3);
  assert.equal(check("{ a b c d }", 3), "CAT-EXEC-004");
});

test("fragments that double forty times are counted in the time that their text takes", () => {
  const levels = Array.from(
    { length: 40 },
    (_, level) => `fragment F${level} on X { a { ...F${level + 1} } b { ...F${level + 1} } }`,
  );
  const text = `{ ...F0 } ${levels.join(" ")} fragment F40 on X { x }`;
  const started = performance.now();
  assert.equal(check(text), "CAT-EXEC-004");
  assert.ok(performance.now() - started < 100);
});

test("a fragment that spreads itself is refused, also through others, also when nothing spreads it", () => {
  assert.equal(check("{ a ...F } fragment F on X { ...F }"), "CAT-EXEC-003");
  assert.equal(check("{ a } fragment F on X { b { ...G } } fragment G on X { ...F }"), "CAT-EXEC-003");
});

test("a fragment that is not there counts nothing: validation will name it", () => {
  assert.equal(check("{ a ...Nowhere }"), 1);
});

/** Fragment number n spreads only greater ones, so there is no cycle. */
const spreads = array(array(nat(9), { maxLength: 3 }), { minLength: 1, maxLength: 8 });

test("the count is that of the document really written out", () => {
  assertProperty(
    property(spreads, (table) => {
      const later = (from: number) =>
        (table[from] ?? []).map((step) => from + 1 + step).filter((to) => to < table.length);
      const fragments = table.map(
        (_, n) =>
          `fragment F${n} on X { x ${later(n)
            .map((to) => `...F${to}`)
            .join(" ")} }`,
      );
      const size = (n: number): number => 1 + later(n).reduce((sum, to) => sum + size(to), 0);
      assert.equal(check(`{ ...F0 } ${fragments.join(" ")}`, Number.MAX_SAFE_INTEGER), size(0));
    }),
  );
});
