import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { hasLeftDirectWay } from "./not-direct.ts";
import { Scanner } from "./scanner.ts";

type Read = (scanner: Scanner) => void;

/** What was read of a text; undefined when it left the direct way. */
function read(text: string, how: Read): string | undefined {
  const bytes = new TextEncoder().encode(text);
  const scanner = new Scanner(bytes);
  try {
    scanner.peek();
    const { at } = scanner;
    how(scanner);
    return new TextDecoder().decode(bytes.subarray(at, scanner.at));
  } catch (error) {
    if (!hasLeftDirectWay(error)) throw error;
    return undefined;
  }
}

const string: Read = (scanner) => scanner.string();
const number: Read = (scanner) => scanner.number();
const int: Read = (scanner) => scanner.int();
const value: Read = (scanner) => scanner.value();

test("strings are read to their end, escapes and all", () => {
  for (const text of ['""', '"a"', '"ä€😀"', String.raw`"\""`, String.raw`"\\"`, String.raw`"\u00e4\n"`])
    assert.equal(read(` ${text},"more"`, string), text);
});

test("what is no string leaves the direct way", () => {
  for (const text of [
    "",
    '"',
    '"a',
    "a",
    '"a\nb"',
    '"\u0000"',
    String.raw`"\x"`,
    String.raw`"\u00g0"`,
    String.raw`"\u00"`,
    '"\\',
  ])
    assert.equal(read(text, string), undefined, text);
});

test("integers have 32 bits, and are written as such", () => {
  for (const text of ["0", "7", "-1", "2147483647", "-2147483648"]) assert.equal(read(`${text}}`, int), text);
  for (const text of ["-0", "2147483648", "-2147483649", "1.0", "99999999999", "-", "", '"1"'])
    assert.equal(read(text, int), undefined, text);
  // What stands behind a number is seen by whoever reads on.
  assert.equal(read("01", int), "0");
  assert.equal(read("1e3", int), "1");
});

test("numbers are read as they stand, unless a client would be answered others", () => {
  for (const text of ["0", "-1", "1.5", "-0.5", "12345678901234567.25"]) assert.equal(read(`${text},`, number), text);
  for (const text of ["-0", "-0.0", "1.", ".5", "-", "123456789012345678901"])
    assert.equal(read(text, number), undefined, text);
});

test("any JSON is a value, to its last byte", () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 1), (text, indent) => {
      const written = JSON.stringify(JSON.parse(text), null, indent);
      // Long numbers, those with exponents, and negative zeros are left to others.
      if (/\d[eE]|-0\b|[\d.]{20}/.test(written)) return;
      assert.equal(read(`${written} `, value), written);
    }),
    { numRuns: 2_000 },
  );
});

test("what JSON.parse refuses is no value followed by the end", () => {
  const whole: Read = (scanner) => {
    scanner.value();
    assert.ok(scanner.peek() === 0 && scanner.at === scanner.bytes.length ? true : undefined);
  };
  const broken = fc.tuple(
    fc.json(),
    fc.nat(),
    fc.constantFrom("", "{", "}", "[", "]", ",", ":", '"', "\\", "0", "-", "e"),
  );
  fc.assert(
    fc.property(broken, ([text, at, put]) => {
      const place = at % (text.length + 1);
      const changed = `${text.slice(0, place)}${put}${text.slice(place + 1)}`;
      let isJson = true;
      try {
        JSON.parse(changed);
      } catch {
        isJson = false;
      }
      if (isJson) return;
      let isRead = false;
      try {
        isRead = read(changed, whole) !== undefined;
      } catch {
        // Something stands behind the value.
      }
      assert.equal(isRead, false, changed);
    }),
    { numRuns: 2_000 },
  );
});

test("JSON that nests too deeply is not looked at", () => {
  assert.equal(read(`${"[".repeat(60)}${"]".repeat(60)}`, value)?.length, 120);
  assert.equal(read(`${"[".repeat(70)}${"]".repeat(70)}`, value), undefined);
});
