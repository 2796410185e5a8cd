import assert from "node:assert/strict";
import { test } from "node:test";
import { array, assert as assertProperty, nat, property } from "fast-check";
import { getIntrospectionQuery, getLocation, parse } from "graphql";
import { defaultGatewayLimits } from "../model/index.ts";
import { checkOperationLimits, type OperationLimits } from "./operation-limits.ts";
import { quickly } from "../../../tests/support/quickly.ts";

const objections = (text: string, limits: Partial<OperationLimits> = {}) =>
  checkOperationLimits(parse(text), { ...defaultGatewayLimits, ...limits });
const codes = (text: string, limits?: Partial<OperationLimits>) =>
  objections(text, limits).map(({ clientCode }) => clientCode);
const messages = (text: string, limits?: Partial<OperationLimits>) =>
  objections(text, limits).map(({ problem }) => problem.message);

test("what just fits is let through, one more is not, and both numbers are told", () => {
  const limits: Readonly<Record<string, readonly [fits: string, exceeds: string, told: string]>> = {
    maxFields: ["{ a { b c } }", "{ a { b c d } }", "The number of fields is 4; the limit is 3."],
    maxDepth: ["{ a { b { c } } }", "{ a { b { c { d } } } }", "The depth is 4; the limit is 3."],
    maxAliases: [
      "{ x: a y: __typename b { z: c } }",
      "{ x: a y: __typename b { z: c w: c } }",
      "The number of aliases is 4; the limit is 3.",
    ],
    maxDirectives: [
      "query ($v: Int @d) @d { a @d }",
      "query ($v: Int @d) @d { ... @d { a @d } }",
      "The number of directives is 4; the limit is 3.",
    ],
    maxRootFields: [
      "{ a ... { b c { x y } } }",
      "query { a ... { b c d } }",
      "The number of root fields is 4; the limit is 3.",
    ],
    maxNesting: ["{ a(x: [{ y: [] }]) }", "{ a(x: [{ y: [[]] }]) }", "The nesting of values is 4; the limit is 3."],
  };
  for (const [key, [fits, exceeds, told]] of Object.entries(limits)) {
    assert.deepEqual(codes(fits, { [key]: 3 }), [], key);
    assert.deepEqual(messages(exceeds, { [key]: 3 }), [told]);
  }
});

test("a limit of 0 is none", () => {
  const none = { maxDepth: 0, maxAliases: 0, maxDirectives: 0, maxRootFields: 0 };
  assert.deepEqual(codes(`{ ${"x: a @d ".repeat(100)} ${"a {".repeat(100)} b ${"}".repeat(100)} }`, none), []);
});

test("everything that is too much is told at once, of each operation by its name", () => {
  const told = messages("query A { a: x b: x } query B { c { d } e: x f: x }", { maxAliases: 1, maxDepth: 1 });
  assert.deepEqual(told, [
    `The number of aliases of "A" is 2; the limit is 1.`,
    `The depth of "B" is 2; the limit is 1.`,
    `The number of aliases of "B" is 2; the limit is 1.`,
  ]);
});

test("an objection tells its place: of depth the deepest field, of all else the operation", () => {
  const text = `query A {\n  a\n  b { ... { c { d } } }\n  x: a\n}`;
  const lines = objections(text, { maxDepth: 2, maxAliases: 0, maxFields: 3 }).map(({ clientCode, node }) => {
    const at = node?.loc && getLocation(node.loc.source, node.loc.start);
    return `${clientCode} ${at?.line}:${at?.column}`;
  });
  assert.deepEqual(lines, ["FIELD_LIMIT_EXCEEDED 1:1", "DEPTH_LIMIT_EXCEEDED 3:17"]);
});

test("fragments are counted as if they were written out", () => {
  const text = "{ ...F ...F } fragment F on X @d { a: b c { ...G @d } } fragment G on X { e: f }";
  assert.deepEqual(messages(text, { maxFields: 5, maxAliases: 3, maxDirectives: 3, maxDepth: 1, maxRootFields: 3 }), [
    "The number of fields is 6; the limit is 5.",
    "The depth is 2; the limit is 1.",
    "The number of aliases is 4; the limit is 3.",
    "The number of directives is 4; the limit is 3.",
    "The number of root fields is 4; the limit is 3.",
  ]);
});

test("fragments that double forty times are counted in the time that their text takes", () => {
  const levels = Array.from(
    { length: 40 },
    (_, level) => `fragment F${level} on X { x: a @d { ...F${level + 1} } b { ...F${level + 1} } }`,
  );
  const document = parse(`{ ...F0 } ${levels.join(" ")} fragment F40 on X { x }`);
  const told = quickly(() => checkOperationLimits(document, defaultGatewayLimits));
  assert.deepEqual(
    told.map(({ problem }) => problem.message),
    [
      "The number of fields is 3298534883326; the limit is 2000.",
      "The depth is 41; the limit is 12.",
      "The number of aliases is 1099511627775; the limit is 30.",
      "The number of directives is 1099511627775; the limit is 20.",
    ],
  );
});

test("a fragment that spreads itself is refused, also through others, also when nothing spreads it", () => {
  const cycles = [
    "{ a ...F } fragment F on X { ...F }",
    "{ a } fragment F on X { b { ...G } } fragment G on X { ...F }",
  ];
  for (const text of cycles) {
    assert.deepEqual(codes(text), ["GRAPHQL_VALIDATION_FAILED"]);
    assert.equal(objections(text)[0]?.problem.code, "CAT-EXEC-003");
  }
});

test("a fragment that nothing spreads is judged too, before anybody follows it", () => {
  assert.deepEqual(codes(`{ a } fragment F on X { ${"... { ".repeat(200)} a ${"}".repeat(200)} }`), [
    "NESTING_LIMIT_EXCEEDED",
  ]);
});

test("a fragment that is not there counts nothing: validation will name it", () => {
  assert.deepEqual(codes("{ a ...Nowhere }", { maxFields: 1 }), []);
});

test("whatever can be nested in a document is bounded", () => {
  const nested = (open: string, close: string) => `${open.repeat(129)}x${close.repeat(129)}`;
  const texts = [
    nested("{ a ", "}"),
    `{ ${nested("... { ", "}")} }`,
    `{ a(b: ${"[".repeat(500)}${"]".repeat(500)}) }`,
    `{ a @d(b: ${"{c: ".repeat(500)}1${"}".repeat(500)}) }`,
    `query ($v: Int = ${"[".repeat(500)}${"]".repeat(500)}) { a }`,
    `query ($v: ${"[".repeat(500)}Int${"]".repeat(500)}) { a }`,
    `query ($v: Int @d(x: ${"[".repeat(500)}${"]".repeat(500)})) @d { a }`,
    `{ ...F0 } ${Array.from({ length: 200 }, (_, n) => `fragment F${n} on X { ...F${n + 1} }`).join(" ")} fragment F200 on X { x }`,
  ];
  for (const text of texts)
    assert.ok(codes(text, { maxDepth: 0 }).includes("NESTING_LIMIT_EXCEEDED"), text.slice(0, 40));
});

test("what tools ask of a schema is no limit's concern, what is asked beside it is", () => {
  const everything = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };
  for (const options of [{}, everything]) assert.deepEqual(codes(getIntrospectionQuery(options)), []);
  assert.deepEqual(codes('{ __type(name: "A") { a { b } } a { b } }', { maxDepth: 2 }), []);
  assert.deepEqual(codes('{ __type(name: "A") { a { b } } a { b { c } } }', { maxDepth: 2 }), ["DEPTH_LIMIT_EXCEEDED"]);
});

test("introspection is as deep as tools ask, and no deeper", () => {
  const deep = (levels: number) => `{ __schema { ${"a {".repeat(levels)} b ${"}".repeat(levels)} } }`;
  assert.deepEqual(codes(deep(18)), []);
  assert.deepEqual(messages(deep(19)), ["The depth of introspection is 21; the limit is 20."]);
  assert.deepEqual(codes(deep(38), { maxDepth: 40 }), []);
});

test("a client's name is told back in part only, however long it is", () => {
  const [told = ""] = messages(`query ${"A".repeat(100_000)} { a b }`, { maxFields: 1 });
  assert.ok(told.length < 200);
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
      const [told] = messages(`{ ...F0 } ${fragments.join(" ")}`, { maxFields: size(0) - 1 });
      assert.equal(told, `The number of fields is ${size(0)}; the limit is ${size(0) - 1}.`);
    }),
  );
});
