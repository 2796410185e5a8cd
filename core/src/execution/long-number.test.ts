import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { isJsonObject } from "./failure.ts";
import { writeOperation } from "./execute.ts";
import { LongNumber, parseJson } from "./long-number.ts";
import { type GraphSource, TestGraph } from "./testing/graph.ts";

const long = "98765432109876543210";

const services = {
  a: `
    scalar Big
    input Amounts { big: Big list: [Big!] id: ID float: Float }
    type Query { e: E echo(big: Big, bigs: [Big], amounts: Amounts, id: ID, float: Float): String plain(int: Int): Plain }
    type Plain { int: Int float: Float string: String }
    type E @key(fields: "id") @key(fields: "number") { id: ID! number: Big big: Big needed: Big }
  `,
  b: `
    scalar Big
    type E @key(fields: "number") { number: Big needed: Big @external made: String @requires(fields: "needed") }
  `,
  c: `type E @key(fields: "id") { id: ID! more: Int }`,
};

/** Answers of the service `a` as it writes them; what the others are sent is in `bodies`. */
async function ask(query: string, answer: string, variables = "{}") {
  const graph = new TestGraph((): GraphSource => ({ services, resolvers: {}, entities: {} }));
  const given = parseJson(variables);
  assert.ok(isJsonObject(given));
  const bodies: string[] = [];
  const result = await writeOperation(graph.compile(query), {
    variables: given,
    signal: new AbortController().signal,
    services: {
      send: ({ service, body }) => {
        bodies.push(`${service} ${body}`);
        return Promise.resolve({ kind: "answered", payload: parseJson(service === "a" ? answer : entity) });
      },
    },
  });
  return { text: result.dataText, errors: (result.errors ?? []).map(({ message }) => message), bodies };
}
const entity = `{"data":{"_entities":[{"__typename":"E","made":"m","more":1}]}}`;

test("a custom scalar keeps every digit, by itself and inside what a service sends for it", async () => {
  const value = `{"deep":[${long},0.12345678901234567890,-${long}e12,1]}`;
  const { text } = await ask("{ e { x: big number } }", `{"data":{"e":{"x":0,"_c_x":${value},"number":${long}}}}`);
  assert.equal(text, `{"e":{"x":${value},"number":${long}}}`);
});

test("an ID is answered as the text of its digits", async () => {
  const { text } = await ask("{ e { id } }", `{"data":{"e":{"id":${long}}}}`);
  assert.equal(text, `{"e":{"id":"${long}"}}`);
});

test("a Float is a double, a long Int and a long String are errors", async () => {
  const all = (number: string) => `{"data":{"plain":{"int":${number},"float":${number},"string":${number}}}}`;
  const { text, errors } = await ask("{ plain { int float string } }", all(long));
  assert.equal(text, `{"plain":{"int":null,"float":98765432109876540000,"string":null}}`);
  assert.deepEqual(errors, [
    "A service answered a value for the field Plain.int that is no Int.",
    "A service answered a value for the field Plain.string that is no String.",
  ]);
  const { text: short } = await ask("{ plain { int float } }", all("5.0000000000000000"));
  assert.equal(short, `{"plain":{"int":5,"float":5}}`);
});

test("a number too great for a double is an error, not a silent null", async () => {
  const { text, errors } = await ask("{ e { big } }", `{"data":{"e":{"big":{"of":1e999}}}}`);
  assert.equal(text, `{"e":{"big":null}}`);
  assert.deepEqual(errors, ["A service answered a value for the field E.big that is no Big."]);
});

test("where an object or a list should be, a long number is refused like any other", async () => {
  for (const answer of [`{"data":{"e":${long}}}`, `{"data":{"e":[${long}]}}`]) {
    const { text, errors } = await ask("{ e { id } }", answer);
    assert.equal(text, `{"e":null}`);
    assert.equal(errors.length, 1);
  }
  for (const answer of [long, `{"data":${long}}`, `{"errors":${long}}`]) {
    assert.deepEqual((await ask("{ e { id } }", answer)).errors, [
      "The service did not answer as its schema promises.",
    ]);
  }
});

test("keys and required values reach the next service digit by digit; an ID as text", async () => {
  const answer = `{"data":{"e":{"__typename":"E","id":${long},"number":${long}1,"needed":{"n":[${long}2]}}}}`;
  const { text, bodies } = await ask("{ e { made more } }", answer);
  assert.equal(text, `{"e":{"made":"m","more":1}}`);
  const sent = bodies.slice(1).map((body) => body.replace(/"query":"[^"]*",/, ""));
  assert.deepEqual(sent.toSorted(), [
    `b {"variables":{"representations":[{"__typename":"E","needed":{"n":[${long}2]},"number":${long}1}]}}`,
    `c {"variables":{"representations":[{"__typename":"E","id":"${long}"}]}}`,
  ]);
});

const variablesOf = (body = "") => body.slice(body.indexOf(`"variables"`));

test("a client's variables reach services digit by digit", async () => {
  const query = `query ($big: Big, $bigs: [Big], $amounts: Amounts, $id: ID, $float: Float) {
    echo(big: $big, bigs: $bigs, amounts: $amounts, id: $id, float: $float) }`;
  const amounts = `{"big":${long},"list":[{"of":${long}},7],"id":${long},"float":${long}}`;
  const { bodies, errors } = await ask(
    query,
    `{"data":{"echo":"e"}}`,
    `{"big":{"deep":${long}},"bigs":[${long}],"amounts":${amounts},"id":${long},"float":0.12345678901234567890}`,
  );
  assert.deepEqual(errors, []);
  const read = amounts
    .replace(`"id":${long}`, `"id":"${long}"`)
    .replace(`"float":${long}`, `"float":98765432109876540000`);
  assert.equal(
    variablesOf(bodies[0]),
    `"variables":{"amounts":${read},"big":{"deep":${long}},"bigs":[${long}],"float":0.12345678901234568,"id":"${long}"}}`,
  );
});

test("a long number for an Int or a String is the client's error", async () => {
  const { errors } = await ask("query ($i: Int) { plain(int: $i) { int } }", "{}", `{"i":${long}}`);
  assert.match(errors.join(), /^Variable "\$i" got invalid value 98765432109876540000; Int cannot represent/);
});

test("numbers in the operation's text reach services digit by digit too", async () => {
  const query = `query ($d: Big = ${long}5, $i: ID = ${long}, $_n0: Big) {
    echo(big: ${long}, bigs: [${long}, 3, {a: ${long}6}, $_n0, $d], amounts: {big: 0.12345678901234567890, id: ${long}}, id: $i, float: ${long})
    ...F } fragment F on Query { again: echo(big: ${long}) }`;
  const { bodies, errors } = await ask(
    query,
    `{"data":{"_c_echo":"e","echo":"e","_c_again":"e","again":"e"}}`,
    `{"_n0":1}`,
  );
  assert.deepEqual(errors, []);
  assert.equal(
    variablesOf(bodies[0]),
    `"variables":{"_n0":1,"_n_0":${long},"_n_1":${long}6,"_n_2":0.12345678901234567890,"d":${long}5,"i":"${long}"}}`,
  );
  assert.match(bodies[0] ?? "", new RegExp(`id: \\\\"${long}\\\\"`));
});

test("a service cannot write what stands for a number", async () => {
  const forged = `{"source":"1","rawJSON":"2","toJSON":"3","isInteger":true,"n":${long}}`;
  const { text } = await ask("{ e { big id } }", `{"data":{"e":{"big":${forged},"id":${forged}}}}`);
  assert.equal(text, `{"e":null}`);
  const { text: alone } = await ask("{ e { big } }", `{"data":{"e":{"big":${forged}}}}`);
  assert.equal(alone, `{"e":{"big":${forged}}}`);
});

/** Numbers as they may be written, among strings and keys that look like them. */
const numberText = fc
  .tuple(
    fc.constantFrom("", "-"),
    fc.bigInt({ min: 0n, max: 10n ** 30n }),
    fc.constantFrom("", ".5", ".1234567890123456", "e7", "E-3"),
  )
  .map(([sign, digits, rest]) => `${sign}${digits}${rest}`);
const jsonText = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    numberText,
    fc.oneof(fc.string(), numberText).map((text) => JSON.stringify(text)),
    fc.array(tie("any")).map((all) => `[${all.join()}]`),
    fc
      .array(fc.tuple(numberText, tie("any")))
      .map((all) => `{${all.map(([key, each]) => `"k${key}":${String(each)}`).join()}}`),
  ),
})).any;

test("whatever is parsed and written again has the digits that it had", () => {
  fc.assert(
    fc.property(jsonText, (text) => {
      const parsed = parseJson(text);
      assert.deepEqual(JSON.parse(JSON.stringify(parsed), digitsOnly), JSON.parse(text, digitsOnly));
      const plain = JSON.stringify(JSON.parse(text));
      assert.equal(JSON.stringify(JSON.parse(JSON.stringify(parsed))), plain, "as JSON.parse has it");
    }),
    { numRuns: 500 },
  );
});

/** Canonical: what a number says, however it is written. */
function digitsOnly(_key: string, value: unknown, { source = "" }: { readonly source?: string } = {}): unknown {
  if (typeof value !== "number") return value;
  const [, sign = "", whole = "", part = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(source) ?? [];
  const digits = `${whole}${part}`.replace(/^0+/, "");
  const stripped = digits.replace(/0+$/, "");
  if (stripped === "") return 0;
  return `${sign}${stripped}e${Number(exponent) - part.length + digits.length - stripped.length}`;
}

test("what needs no more than a double is a number, also beside one that does", () => {
  const parsed = parseJson(`[1, 0.1, 9007199254740991, ${long}, 1234567890123456]`);
  assert.deepEqual(parsed, [1, 0.1, 9_007_199_254_740_991, new LongNumber(long), 1_234_567_890_123_456]);
});
