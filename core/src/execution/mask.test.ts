import assert from "node:assert/strict";
import { test } from "node:test";
import { maskErrors } from "./mask.ts";

/** What a client's answer is made of, and what the operator hears. */
function mask(payload: unknown) {
  const heard: unknown[] = [];
  const answer = maskErrors({ kind: "answered", payload }, (errors) => heard.push(...errors));
  assert.ok(answer.kind === "answered");
  return { payload: answer.payload, heard };
}

const message = "The service reported an error.";

test("a masked error keeps its path and its code, and nothing else; the operator hears it whole", () => {
  const error = {
    message: "connect ECONNREFUSED 10.0.0.7:5432",
    path: ["a", 0],
    locations: [{ line: 1, column: 2 }],
    extensions: { code: "OUT_OF_STOCK", stacktrace: ["at x"], sql: "select" },
  };
  const { payload, heard } = mask({ data: { a: [null] }, errors: [error] });
  const masked = { message, path: ["a", 0], extensions: { code: "OUT_OF_STOCK" } };
  assert.deepEqual(payload, { data: { a: [null] }, errors: [masked] });
  assert.deepEqual(heard, [error]);
});

test("what is no code is not let through as one", () => {
  for (const code of ["db-7.internal:5432", "out of stock", "x", "A".repeat(65), 5, {}, null]) {
    const { payload } = mask({ errors: [{ message: "m", extensions: { code } }] });
    assert.deepEqual(payload, { errors: [{ message, path: undefined, extensions: {} }] });
  }
});

test("errors of any shape are masked, and answers without errors are left as they are", () => {
  const { payload, heard } = mask({ errors: ["secret", null, 5, ["secret"]] });
  assert.doesNotMatch(JSON.stringify(payload), /secret/);
  assert.equal(heard.length, 4);
  for (const other of [{ data: { a: 1 } }, { data: null, errors: [] }, { errors: "no list" }, "text", undefined]) {
    assert.equal(mask(other).payload, other);
  }
});

test("what nobody parses is not parsed to be masked, and told once when somebody does", () => {
  let parsed = 0;
  let heard = 0;
  const bytes = new Uint8Array(1);
  const unread = {
    kind: "answered" as const,
    bytes,
    get payload() {
      parsed += 1;
      return { errors: [{}] };
    },
  };
  const answer = maskErrors(unread, () => (heard += 1));
  assert.ok(answer.kind === "answered");
  assert.equal(answer.bytes, bytes);
  assert.equal(parsed, 0);
  assert.equal(answer.payload, answer.payload);
  assert.deepEqual([parsed, heard], [1, 1]);
});
