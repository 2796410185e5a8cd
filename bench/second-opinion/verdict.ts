import type { ExecutionResult } from "graphql";
import { difference } from "../../tests/oracle/compare.ts";

/** How an answer stands to the plain graph's; what is told after the colon groups the cases. */
export type Verdict =
  | { readonly kind: "equal" }
  | { readonly kind: "other errors" | "other data" | "no data"; readonly what: string }
  | { readonly kind: "no answer" };

/** `possible`: every error that the plain graph could have told; see `difference`. */
export function verdictOn(
  actual: ExecutionResult | undefined,
  expected: ExecutionResult,
  possible: ExecutionResult,
): Verdict {
  if (actual === undefined) return { kind: "no answer" };
  const what = difference(actual, expected, possible);
  if (what === undefined) return { kind: "equal" };
  if (what !== "the data")
    return {
      kind: "other errors",
      what: (what.split(":")[0] ?? "").replace(/^(the location|an error is told) .*/, "$1"),
    };
  if (actual.data === undefined || (actual.data === null && expected.data !== null)) {
    return { kind: "no data", what: wordsOf(actual.errors?.[0]?.message ?? "and no error") };
  }
  return { kind: "other data", what: firstDifference(actual.data, expected.data) ?? "the order of keys" };
}

export function signatureOf(verdict: Verdict): string {
  return "what" in verdict ? `${verdict.kind}: ${verdict.what}` : verdict.kind;
}

/** Names and numbers left out, so that like faults look alike. */
function wordsOf(message: string): string {
  return (message.split(/\n|[Ii]tem: |found: |type /)[0] ?? "")
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`|\{.*|\b(?:Query|Mutation)\.\w+|\b\w*\d\S*/g, "…")
    .slice(0, 70);
}

function firstDifference(actual: unknown, expected: unknown): string | undefined {
  if (isObject(actual) && isObject(expected) && Array.isArray(actual) === Array.isArray(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      if (!Object.hasOwn(actual, key)) return Array.isArray(expected) ? "a shorter list" : "a missing key";
      if (!Object.hasOwn(expected, key)) return Array.isArray(expected) ? "a longer list" : "a key too many";
      const inner = firstDifference(actual[key], expected[key]);
      if (inner !== undefined) return inner;
    }
    return undefined;
  }
  return Object.is(actual, expected) ? undefined : `${kindOf(actual)} instead of ${kindOf(expected)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
