import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDocument } from "./parse-document.ts";
import { quickly } from "../../../tests/support/quickly.ts";

/** What is objected to a text. */
function verdict(text: string, maxTokens: number): string {
  const parsed = parseDocument(text, maxTokens);
  if ("document" in parsed) return "document";
  return "error" in parsed
    ? parsed.error.message
    : `${parsed.objection.clientCode} ${parsed.objection.problem.code} ${parsed.objection.problem.message}`;
}

test("a document may have so many tokens, and no more", () => {
  assert.equal(verdict("{ a b }", 4), "document");
  assert.equal(verdict("{ a b c }", 4), "TOKEN_LIMIT_EXCEEDED CAT-EXEC-018 The document has more than 4 tokens.");
  assert.equal(verdict(`{ ${"a ".repeat(5_000)} }`, 0), "document");
});

test("what is no GraphQL is said to be none, however few its tokens", () => {
  assert.match(verdict("{ a", 4), /Syntax Error/);
  assert.match(verdict("{ a b c ! }", 5), /Syntax Error/);
});

test("whatever is nested deeper than the stack reaches is a syntax error", () => {
  for (const text of ["{a".repeat(60_000), `{ a(b: ${"[".repeat(100_000)}`, `query ($v: ${"[".repeat(100_000)}`])
    assert.equal(verdict(text, 0), "The document cannot be parsed.");
});

test("hostile texts are refused as fast as others are read", () => {
  const texts = [
    `{ ${"a ".repeat(3_000)} }`,
    `{ ${Array.from({ length: 1_000 }, (_, n) => `a${n}: b `).join("")} }`,
    `{ a ${"@d ".repeat(5_000)} }`,
  ];
  for (const text of texts)
    assert.match(
      quickly(() => verdict(text, 2_000)),
      /TOKEN_LIMIT_EXCEEDED/,
    );
});
