import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { test } from "node:test";
import { buildSchema, getIntrospectionQuery } from "graphql";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { noCostRules } from "@catalyst-node/core/execution";
import { persistedOperations } from "@catalyst-node/core/model";
import { quickly } from "../../../tests/support/quickly.ts";
import { documentCache } from "./documents.ts";
import { settingsOf } from "./testing/settings.ts";
import { post, quick, serve } from "./testing/serving.ts";

const deadline = { timeout: 60_000 };
type Params = Readonly<Record<string, unknown>> | string;
type Way = (url: string, params: Params) => Promise<string>;

const textOf = (params: Params): string => (typeof params === "string" ? params : JSON.stringify(params));

/** The code of the first error, else the data. */
function told(answer: unknown): string {
  const { errors, data } = Object(answer);
  return errors === undefined ? JSON.stringify(data) : String(errors[0]?.extensions?.code ?? errors[0]?.message);
}

/** How a request may come: each is read by other code. */
const ways: Readonly<Record<"plain" | "in chunks" | "GET" | "WebSocket", Way>> = {
  plain: async (url, params) => told(await (await post(url, textOf(params))).json()),
  "in chunks": async (url, params) => {
    const call = request(url, { method: "POST", headers: { "content-type": "application/json" } });
    call.write(" ");
    call.end(textOf(params));
    const [response]: IncomingMessage[] = await once(call, "response");
    assert.ok(response !== undefined);
    return told(await json(response));
  },
  GET: async (url, params) => {
    const all = Object.entries(typeof params === "string" ? JSON.parse(params) : params);
    const texts = all.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
    return told(await (await fetch(`${url}?${new URLSearchParams(texts).toString()}`)).json());
  },
  WebSocket: async (url, params) => {
    const client = createClient({ url: url.replace("http", "ws"), webSocketImpl: WebSocket, retryAttempts: 0 });
    const { query = "", ...rest } = Object(typeof params === "string" ? JSON.parse(params) : params);
    try {
      const [answer] = await Array.fromAsync(client.iterate({ query, ...rest }));
      return told(answer);
    } catch (error) {
      return told({ errors: error });
    } finally {
      await client.dispose();
    }
  },
};

const exceeding = {
  TOKEN_LIMIT_EXCEEDED: `{ ${"hello ".repeat(3_000)} }`,
  DEPTH_LIMIT_EXCEEDED: `{ ${"a { ".repeat(12)} b ${"}".repeat(12)} }`,
  ALIAS_LIMIT_EXCEEDED: `{ ${Array.from({ length: 31 }, (_, n) => `a${n}: __typename`).join(" ")} }`,
  DIRECTIVE_LIMIT_EXCEEDED: `{ hello ${"@include(if: true) ".repeat(21)} }`,
  ROOT_FIELD_LIMIT_EXCEEDED: `{ ${"hello ".repeat(21)} }`,
  FIELD_LIMIT_EXCEEDED: `{ ...A } fragment A on Query { ${"...B ".repeat(50)} } fragment B on Query { ${"hello ".repeat(50)} }`,
  NESTING_LIMIT_EXCEEDED: `{ hello(name: ${"[".repeat(33)}${"]".repeat(33)}) }`,
} as const;

test("each limit has a code of its own, counted once for each request, whichever way it came", deadline, async () => {
  await using serving = await serve({ dev: true });
  for (const [name, way] of Object.entries(ways)) {
    for (const [code, query] of Object.entries(exceeding)) {
      const before = serving.refusals.length;
      // A URL is bounded by itself.
      if (name === "GET" && query.length > 10_000) continue;
      assert.equal(await way(serving.graphql, { query }), code, name);
      assert.deepEqual(serving.refusals.slice(before), [code], `${name} ${code}`);
    }
  }
  assert.deepEqual(serving.errors, []);
});

test("an objection tells both numbers, the problem's code and the place", deadline, async () => {
  await using serving = await serve();
  const answer = await post(
    serving.graphql,
    { query: "\n  query A { x: hello }" },
    { accept: "application/graphql-response+json" },
  );
  assert.equal(answer.status, 200);
  await using strict = await serve({ limits: { ...quick, maxAliases: 1 } });
  const refused = await post(
    strict.graphql,
    { query: "\n  query A { x: hello y: hello }" },
    { accept: "application/graphql-response+json" },
  );
  assert.equal(refused.status, 400);
  assert.deepEqual(await refused.json(), {
    errors: [
      {
        message: `The number of aliases of "A" is 2; the limit is 1.`,
        locations: [{ line: 2, column: 3 }],
        extensions: { code: "ALIAS_LIMIT_EXCEEDED", problem: "CAT-EXEC-020" },
      },
    ],
  });
});

/** Whole requests, with a value that has so many levels within `variables`. */
const nested = (levels: number): string =>
  `{"query":"query ($n: String) { hello(name: $n) }","variables":{"more":${"[".repeat(levels)}${"]".repeat(levels)}}}`;

test("JSON is as deep as it may be, and no deeper, whichever way it came", deadline, async () => {
  await using serving = await serve({ dev: true });
  for (const [name, way] of Object.entries(ways)) {
    // Of a URL the variables alone are JSON.
    const most = name === "GET" ? 31 : 30;
    assert.equal(await way(serving.graphql, nested(most)), `{"hello":"world"}`, name);
    assert.equal(await way(serving.graphql, nested(most + 1)), "NESTING_LIMIT_EXCEEDED", name);
  }
  assert.equal(serving.plainAnswers(), 1);
  assert.deepEqual(
    serving.refusals,
    Array.from({ length: 4 }, () => "NESTING_LIMIT_EXCEEDED"),
  );
});

test("nesting of 100,000 levels is a 400, or ends its own WebSocket, and harms nobody else", deadline, async () => {
  await using serving = await serve({ dev: true });
  for (const text of [nested(100_000), "[".repeat(200_000), `{"query":${'{"a":'.repeat(40_000)}`]) {
    const answer = await post(serving.graphql, text);
    assert.equal(answer.status, 400);
    assert.equal(told(await answer.json()), "NESTING_LIMIT_EXCEEDED");
  }
  const socket = new WebSocket(serving.graphql.replace("http", "ws"), "graphql-transport-ws");
  await once(socket, "open");
  socket.send(`{"type":"connection_init"}`);
  socket.send(`{"type":"subscribe","id":"1","payload":${nested(100_000)}}`);
  assert.equal((await once(socket, "close"))[0], 4400);
  assert.equal(await ways.plain(serving.graphql, { query: "{ hello }" }), `{"hello":"world"}`);
  assert.deepEqual(serving.errors, []);
});

const operations = [
  { id: "abc", body: "query ($n: String) { hello(name: $n) }" },
  { id: "__proto__", body: "{ hello }" },
  { id: "wrong", body: "{ nope }" },
  { id: "deep", body: exceeding.DEPTH_LIMIT_EXCEEDED },
];
const serveOperations = (mode: "off" | "prefer" | "only") =>
  serve({ settings: { ...settingsOf(true, quick), operations: persistedOperations(mode, operations) } });
const byHash = (id: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } });
const hello = `{"hello":"world"}`;

test("an operation of the manifest is asked by its id, in both manners, whichever way it came", deadline, async () => {
  for (const mode of ["prefer", "only"] as const) {
    await using serving = await serveOperations(mode);
    for (const [name, way] of Object.entries(ways)) {
      const asked = async (params: Params) => [name, await way(serving.graphql, params)];
      assert.deepEqual(await asked({ ...byHash("abc"), variables: { n: "x" } }), [name, hello]);
      if (name !== "WebSocket") assert.deepEqual(await asked({ documentId: "abc" }), [name, hello]);
      assert.deepEqual(await asked(byHash("__proto__")), [name, hello]);
      assert.deepEqual(await asked(byHash("deep")), [name, "DEPTH_LIMIT_EXCEEDED"], "limits hold for them too");
      assert.match((await asked(byHash("wrong"))).join(), /VALIDATION|Cannot query/i);
      for (const id of ["abd", "constructor", "", "x".repeat(5_000)])
        assert.deepEqual(await asked(byHash(id)), [name, "PERSISTED_OPERATION_NOT_FOUND"]);
    }
    assert.ok(serving.plainAnswers() >= 3, "the short way knows ids too");
    assert.deepEqual(serving.errors, []);
  }
});

test("off answers no id, prefer answers any text, only those of the manifest to the letter", deadline, async () => {
  const free = { query: "{ __typename }" };
  const known = { query: "{ hello }" };
  const both = { query: "{ __typename }", ...byHash("abc") };
  const expected = {
    off: [`{"__typename":"Query"}`, hello, `{"__typename":"Query"}`, "PERSISTED_QUERY_NOT_SUPPORTED"],
    prefer: [`{"__typename":"Query"}`, hello, `{"__typename":"Query"}`, hello],
    only: ["PERSISTED_OPERATION_REQUIRED", hello, "PERSISTED_OPERATION_REQUIRED", hello],
  };
  for (const mode of ["off", "prefer", "only"] as const) {
    await using serving = await serveOperations(mode);
    for (const [name, way] of Object.entries(ways)) {
      const answers: string[] = [];
      for (const params of [free, known, both, byHash("abc")]) answers.push(await way(serving.graphql, params));
      assert.deepEqual(answers, expected[mode], `${mode} ${name}`);
    }
    const refusals = expected[mode].filter((answer) => answer.startsWith("PERSISTED"));
    assert.equal(serving.refusals.length, refusals.length * Object.keys(ways).length, "each is counted once");
  }
});

test("a client that is refused an id or a text is told by status and message what to do next", deadline, async () => {
  const answerOf = async (mode: "off" | "prefer" | "only", params: Params, accept = "application/json") => {
    await using serving = await serveOperations(mode);
    const answer = await post(serving.graphql, textOf(params), { accept });
    const { errors } = Object(await answer.json());
    return [answer.status, errors[0].message];
  };
  // By these messages Apollo clients, urql and others send the text next, or ids no more.
  assert.deepEqual(await answerOf("prefer", byHash("abd")), [200, "PersistedQueryNotFound"]);
  assert.deepEqual(await answerOf("off", byHash("abc")), [200, "PersistedQueryNotSupported"]);
  const response = "application/graphql-response+json";
  assert.deepEqual(await answerOf("prefer", byHash("abd"), response), [400, "PersistedQueryNotFound"]);
  const [status] = await answerOf("only", { query: "{ __typename }" });
  assert.equal(status, 400);
});

test("what is no id is no GraphQL request", deadline, async () => {
  await using serving = await serveOperations("prefer");
  for (const params of [
    {},
    { documentId: 5 },
    byHash(5),
    { extensions: { persistedQuery: null } },
    { query: 5, documentId: "abc" },
  ]) {
    for (const way of [ways.plain, ways["in chunks"]])
      assert.equal(await way(serving.graphql, params), "BAD_REQUEST", JSON.stringify(params));
  }
});

test("what GraphiQL and other tools ask of a schema is answered in dev mode", deadline, async () => {
  await using serving = await serve({ dev: true });
  const everything = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };
  for (const options of [{}, everything]) {
    for (const way of Object.values(ways))
      assert.match(await way(serving.graphql, { query: getIntrospectionQuery(options) }), /^\{"__schema":/);
  }
  assert.deepEqual(serving.refusals, []);
});

const schema = buildSchema("type Query { a: Query b: Int l(of: [Int]): Int } directive @d repeatable on FIELD");
const hostile: Readonly<Record<string, string>> = {
  "a fragment cycle": "{ ...A } fragment A on Query { b ...B } fragment B on Query { ...A }",
  "5,000 directives": `{ b ${"@d ".repeat(5_000)} }`,
  "900 directives": `{ b ${"@d ".repeat(900)} }`,
  "3,000 equal fields": `{ ${"b ".repeat(3_000)} }`,
  "1,900 equal fields": `{ a { ${"b ".repeat(1_900)} } }`,
  "480 equal fields, each with equal ones": `{ a { ${"a { b b } ".repeat(380)} } }`,
  "1,000 aliases": `{ ${Array.from({ length: 1_000 }, (_, index) => `b${index}: b`).join(" ")} }`,
  "600 aliases": `{ ${Array.from({ length: 600 }, (_, index) => `b${index}: b`).join(" ")} }`,
  "150 fragments on one field": `{ a { ${Array.from({ length: 150 }, (_, n) => `...F${n} `).join("")} } } ${Array.from({ length: 150 }, (_, n) => `fragment F${n} on Query { b a { c } }`).join(" ")}`,
  "fragments that double": `{ ...F0 } ${Array.from({ length: 60 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(" ")} fragment F60 on Query { b }`,
  "1,900 unknown fields": `{ a { ${Array.from({ length: 1_900 }, (_, n) => `u${n}`).join(" ")} } }`,
  "600 inline fragments within each other": `{ ${"... { ".repeat(600)} b ${"}".repeat(600)} }`,
  "a list 950 levels deep": `{ l(of: ${"[".repeat(950)}${"]".repeat(950)}) }`,
  "fields 100,000 levels deep": "{ a".repeat(50_000),
};

test("a hostile document is refused as fast as another is read, with the limits and without", deadline, () => {
  const off = { maxTokens: 0, maxDepth: 0, maxAliases: 0, maxDirectives: 0, maxRootFields: 0, maxCost: 0 };
  for (const limits of [quick, { ...quick, ...off, maxNesting: 1_000, maxFields: 100_000 }]) {
    const settings = settingsOf(true, limits);
    for (const [what, query] of Object.entries(hostile)) {
      const judge = () => documentCache({ schema, settings, costRules: noCostRules }).prepare(query);
      const { errors } = limits === quick ? quickly(judge) : judge();
      if (limits === quick) assert.ok(errors.length > 0 && errors.length <= 21, what);
    }
  }
});
