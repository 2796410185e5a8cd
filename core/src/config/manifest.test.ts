import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { readManifest } from "./manifest.ts";

const idOf = (body: string): string => createHash("sha256").update(body).digest("hex");
const operation = (body: string, more: object = {}) => ({ id: idOf(body), name: "Q", type: "query", body, ...more });
const manifest = (operations: unknown, more: object = {}): string =>
  JSON.stringify({ format: "apollo-persisted-query-manifest", version: 1, operations, ...more }, null, 1);

/** `CODE place: message` of each problem; none when it is a manifest. */
const told = (text: string): readonly string[] => {
  const read = readManifest({ name: "m.json", text });
  return read.ok ? [] : read.problems.map(({ code, path, message }) => `${code} ${path}: ${message}`);
};

test("a manifest is its operations' ids and texts, whatever else it tells", () => {
  const text = `\uFEFF${manifest([operation("{ ä }"), { ...operation("{ b }"), id: "b", clientName: "x" }], { more: 1 })}`;
  assert.deepEqual(readManifest({ name: "m.json", text }), {
    ok: true,
    value: [
      { id: idOf("{ ä }"), body: "{ ä }" },
      { id: "b", body: "{ b }" },
    ],
  });
  assert.deepEqual(told(manifest([])), []);
});

test("what is no JSON is told with line and column", () => {
  assert.deepEqual(told('{\n "format": }'), [`CAT-CONFIG-003 m.json:2:12: not JSON: unexpected "}"`]);
  assert.match(told("")[0] ?? "", /^CAT-CONFIG-003 m\.json: empty/);
  assert.match(told(`{"operations":${"[".repeat(100_000)}`)[0] ?? "", /^CAT-CONFIG-002 m\.json:1:\d+: nested deeper/);
});

test("another format or version is none that is read", () => {
  assert.match(told("[]")[0] ?? "", /^CAT-CONFIG-021 m\.json:1:1: no manifest/);
  assert.match(told(manifest([], { format: "relay" }))[0] ?? "", /^CAT-CONFIG-021 m\.json:2:12: must be/);
  assert.match(told(manifest([], { version: 2 }))[0] ?? "", /^CAT-CONFIG-021 m\.json:3:13: must be 1/);
  assert.match(told(manifest({}))[0] ?? "", /^CAT-CONFIG-021 m\.json:4:16: must be a list/);
  assert.match(told("{}")[0] ?? "", /^CAT-CONFIG-021 m\.json:1:1: must be/);
});

test("an operation that is none, an id that is there twice, a text that is not its id's: each is told at its place", () => {
  const operations = [
    operation("{ a }"),
    { ...operation("{ b }", { name: "Changed" }), body: "{ c }" },
    operation("{ a }", { name: "Again" }),
    { id: 5, name: "Five", body: "{ a }" },
    { id: "x".repeat(257), body: "{ a }" },
    { id: "y", name: "Empty", body: "" },
    null,
  ];
  assert.deepEqual(
    told(manifest(operations)).map((line) => line.replace(/m\.json:\d+:\d+/, "PLACE")),
    [
      `CAT-CONFIG-021 PLACE: the SHA-256 of the body of "Changed" is not its id`,
      `CAT-CONFIG-021 PLACE: the id of "Again" is that of operation 1 already`,
      `CAT-CONFIG-021 PLACE: the id of "Five" must be a text of 1 to 256 characters`,
      `CAT-CONFIG-021 PLACE: the id of operation 5 must be a text of 1 to 256 characters`,
      `CAT-CONFIG-021 PLACE: the body of "Empty" must be a text`,
      `CAT-CONFIG-021 PLACE: the id of operation 7 must be a text of 1 to 256 characters`,
    ],
  );
  assert.match(told(manifest(operations))[0] ?? "", /m\.json:15:12/);
});

test("an id may look like a part of the language", () => {
  const ids = ["__proto__", "constructor", "toString"];
  const read = readManifest({ name: "m.json", text: manifest(ids.map((id) => ({ id, body: "{ a }" }))) });
  assert.deepEqual(read.ok && read.value.map(({ id }) => id), ids);
  assert.deepEqual(told(`{"__proto__": {"format": "apollo-persisted-query-manifest"}}`).length, 1);
});

test("a manifest is as large as it may be, and no larger", () => {
  const many = (count: number) =>
    manifest(Array.from({ length: count }, (_, id) => ({ id: String(id), body: "{ a }" })));
  assert.deepEqual(told(many(10_000)), []);
  assert.match(told(many(10_001))[0] ?? "", /^CAT-CONFIG-022 m\.json:4:16: 10001 operations/);
  assert.deepEqual(told(manifest([operation("x".repeat(4 * 1024 * 1024))])), [
    "CAT-CONFIG-022 m.json: larger than 4 MiB",
  ]);
  assert.equal(told(manifest(Array.from({ length: 5_000 }, () => null))).length, 20);
});
