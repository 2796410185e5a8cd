import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type Document, maxNesting, maxSourceBytes, parseDocument } from "./document.ts";
import type { Located } from "./place.ts";

const document = (text: string): Document => ({
  label: "catalyst.json",
  text,
  origin: (line, column) => ({ kind: "file", file: "catalyst.json", line, column }),
});

function problem(text: string): string {
  const parsed = parseDocument(document(text));
  assert.ok(!parsed.ok, "the text is refused");
  const [only, ...others] = parsed.problems;
  assert.equal(others.length, 0);
  return `${only?.code} ${only?.path}: ${only?.message}`;
}

function valueOf({ value }: Located): unknown {
  if (value.kind === "object") return Object.fromEntries(value.members.map(({ key, value }) => [key, valueOf(value)]));
  if (value.kind === "list") return value.items.map(valueOf);
  return value.kind === "scalar" ? value.value : value.text;
}

const json = fc.json({ maxDepth: 5 });

const typed = "{}[],:\"'\\/ 0-+.eEtfn\n\t\r\u00A0\uFEFF\0#".split("");

/** JSON with one character added, removed or replaced: sometimes still JSON. */
const nearlyJson = fc
  .tuple(json, fc.nat(), fc.constantFrom(0, 1), fc.constantFrom("", ...typed))
  .map(([text, at, removed, added]) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + added + text.slice(index + removed);
  });

test("exactly what JSON.parse accepts is accepted, with the same value", () => {
  fc.assert(
    fc.property(fc.oneof(json, nearlyJson, fc.string()), (text) => {
      const parsed = parseDocument(document(text));
      const expected = standard(text.replace(/^\uFEFF/, ""));
      assert.equal(parsed.ok, expected !== undefined);
      if (parsed.ok) assert.deepEqual(valueOf(parsed.value), expected?.value);
    }),
    { numRuns: 2000 },
  );
});

function standard(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

test("a byte order mark is no part of the text", () => {
  const parsed = parseDocument(document("\uFEFF{}"));
  assert.ok(parsed.ok);
  assert.equal(parsed.value.place.label, "catalyst.json:1:1");
});

test("what people write instead of JSON is named, at its place", () => {
  assert.equal(problem(""), "CAT-CONFIG-003 catalyst.json: empty; the smallest configuration is {}");
  assert.equal(problem(" \n"), "CAT-CONFIG-003 catalyst.json: empty; the smallest configuration is {}");
  assert.match(problem(`{\n  "a": 1,\n}`), /^CAT-CONFIG-003 catalyst\.json:3:1: a comma before the closing bracket/);
  assert.match(problem(`{\n  "a": 1 // ]\n}`), /^CAT-CONFIG-003 catalyst\.json:2:10: a comment/);
  assert.match(problem(`# a\n{}`), /^CAT-CONFIG-003 catalyst\.json:1:1: a comment/);
  assert.match(problem(`{'a': 1}`), /^CAT-CONFIG-003 catalyst\.json:1:2: text stands in double quotes/);
  assert.match(problem(`{a: 1}`), /^CAT-CONFIG-003 catalyst\.json:1:2: keys stand in double quotes/);
  assert.match(problem(`{"a": 1`), /^CAT-CONFIG-003 catalyst\.json:1:8: the text ends too early; "}" is expected/);
  assert.match(problem(`{"a": "b`), /^CAT-CONFIG-003 catalyst\.json:1:9: the text ends too early; a quote/);
  assert.match(problem(`{"a": [1}`), /^CAT-CONFIG-003 catalyst\.json:1:9: "}" closes nothing; "\]" is expected/);
  assert.match(problem(`{"a": 1 "b": 2}`), /^CAT-CONFIG-003 catalyst\.json:1:9: a comma or colon is missing/);
  assert.match(problem(`{} {}`), /^CAT-CONFIG-003 catalyst\.json:1:4: nothing may follow the end/);
  assert.match(problem(`{"a": "C:\\dir"}`), /^CAT-CONFIG-003 catalyst\.json:1:10: not an escape of JSON/);
  assert.match(problem(`{"a": "b\nc"}`), /^CAT-CONFIG-003 catalyst\.json:1:9: a text must end on its line/);
});

test("a text that is too deep or too large is refused before it is parsed", () => {
  assert.match(
    problem("[".repeat(500_000)),
    new RegExp(`^CAT-CONFIG-002 catalyst.json:1:${maxNesting + 1}: nested deeper`),
  );
  assert.match(problem(`"${"x".repeat(maxSourceBytes)}"`), /^CAT-CONFIG-002 catalyst\.json: more than 1 MiB/);
});
