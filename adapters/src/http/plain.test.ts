import assert from "node:assert/strict";
import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { GraphQLError } from "graphql";
import { persistedOperations } from "@catalyst-node/core/model";
import { settingsOf } from "./testing/settings.ts";
import { echo, quick, serve } from "./testing/serving.ts";

/** 10,000 take 20 s of CPU: `PLAIN_REQUESTS=10000 node --test adapters/src/http/plain.test.ts`. */
const requests = Number(process.env["PLAIN_REQUESTS"] ?? 2_000);
/** Nothing here is about time. */
const limits = { ...quick, headersTimeout: 60_000, receiveTimeout: 60_000, requestTimeout: 60_000 };

/** Small, fast and repeatable: the same seed makes the same requests. */
function choices(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return <Value>(values: readonly Value[], usual = 0): Value => {
    const index = next() < usual ? 0 : Math.floor(next() * values.length);
    const chosen = values[index];
    if (chosen === undefined && index >= values.length) throw new Error("nothing to choose from");
    return chosen as Value;
  };
}

const queries: readonly unknown[] = [
  "{ hello }",
  "{ a: hello b: hello __typename }",
  "query A { hello } query B { b: hello }",
  "mutation { set }",
  "query($n: String) { hello(name: $n) }",
  "query($n: String!) { hello(name: $n) }",
  "{ __schema { queryType { name } } }",
  "{ refused: hello }",
  "{ unavailable: hello }",
  "{ partial: hello }",
  "{ broken: hello }",
  "{ several: hello }",
  "{ empty: hello }",
  "{ nope }",
  "{ helo }",
  "{ hello ",
  "",
  `{ hello } # ${"ä😀".repeat(200)}`,
  `{ ${"hello ".repeat(2_001)} }`,
  `{ ${"hello ".repeat(21)} }`,
  `{ ${"a: hello ".repeat(31)} }`,
  `{ hello(name: ${"[".repeat(40)}${"]".repeat(40)}) }`,
  "query($n: Int) { many(first: $n) { many(first: 100) { hello } } }",
  "fragment F on Query { hello }",
  "{ ...A } fragment A on Query { ...A }",
  null,
  5,
  ["{ hello }"],
];
const names = [undefined, null, "A", "B", "C", "", 5, {}];
const variables = [undefined, null, {}, { n: "x" }, { n: 5 }, { n: 100 }, { n: null }, { n: "ü\ud800" }, [], "n", 5];
const accepts = [
  "application/json",
  undefined,
  "*/*",
  "",
  "application/graphql-response+json",
  "application/graphql-response+json, application/json",
  "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
  "application/json, text/plain, */*",
  "application/json, */*",
  "application/json, application/graphql-response+json",
  "application/json; charset=latin1",
  "text/html",
  "text/event-stream",
  "text/event-stream, application/json",
  "multipart/mixed",
  "constructor",
  "APPLICATION/JSON",
];
const paths = ["/graphql", "/graphql?", "/graphql?query={hello}", "/graphql?query=mutation{set}", "/graphql/", "/"];
const types = ["application/json", "application/json; charset=utf-8", "application/json;charset=latin1", "text/plain"];
const spoilers: readonly ((body: string) => string | Buffer)[] = [
  (body) => body,
  (body) => ` ${body}\r\n`,
  (body) => `\ufeff${body}`,
  (body) => body.slice(0, -1),
  (body) => `[${body}]`,
  (body) => `${body}${body}`,
  (body) => body.replace("{", '{"query":"{ first: hello }",'),
  (body) => body.replace("{", '{"__proto__":{"query":"{ hello }"},'),
  (body) => body.replace("{", '{"extensions":{"persistedQuery":{"version":1}},'),
  (body) => body.replace("{", '{"extensions":[],'),
  ...["known", "none", "__proto__", "costly", ""].flatMap((id) => [
    (body: string) => body.replace("{", `{"documentId":"${id}",`),
    () => `{"documentId":"${id}","query":null}`,
    () => `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"${id}"}},"variables":{"n":"x"}}`,
    () => `{"query":"","documentId":"${id}","extensions":{"persistedQuery":{"sha256Hash":"known"}}}`,
  ]),
  () => `{"documentId":5,"extensions":{"persistedQuery":5}}`,
  ...[29, 30, 31, 32, 1_000].map(
    (levels) => (body: string) =>
      body.replace("{", `{"extensions":{"deep":${"[".repeat(levels)}${"]".repeat(levels)}},`),
  ),
  (body) => body.replace("{", '{"more":1,'),
  (body) => body.replace("{", '{"more":null,'),
  (body) => Buffer.concat([Buffer.from(body.replace(/\}$/, ',"x')), Buffer.from([0xff, 0xc0]), Buffer.from('":null}')]),
  () => "null",
  () => "5",
  () => '"{ hello }"',
  () => "[]",
  () => "{}",
  () => "",
];

type Generated = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
};

function generate(seed: number): readonly Generated[] {
  const choose = choices(seed);
  return Array.from({ length: requests }, (_, index) => {
    const method = choose(["POST", "GET", "PUT", "OPTIONS", "DELETE"], 0.9);
    const params = { query: choose(queries), operationName: choose(names, 0.7), variables: choose(variables, 0.5) };
    const body = method === "GET" ? "" : choose(spoilers, 0.8)(JSON.stringify(params));
    const accept = choose(accepts, 0.3);
    return {
      method,
      path: choose(paths, 0.9),
      headers: {
        "x-request-id": `request-${index}`,
        ...(method === "GET" ? {} : { "content-type": choose(types, 0.8) }),
        ...(accept === undefined ? {} : { accept }),
        ...(choose([false, true], 0.95) ? { "content-encoding": "identity" } : {}),
        ...(choose([false, true], 0.95) ? { "transfer-encoding": "chunked" } : { "content-length": lengthOf(body) }),
      },
      body,
    };
  });
}

const lengthOf = (body: string | Buffer): string => String(Buffer.byteLength(body));

/** Answers as the executor may: data, errors of every kind, and faults of our own. */
const run: typeof echo = async (operation) => {
  const [, alias = ""] = /(\w+): hello/.exec(operation.query) ?? [];
  const error = (extensions: Record<string, unknown>) =>
    new GraphQLError(`it is ${alias}`, { path: [alias], extensions });
  switch (alias) {
    case "refused":
      return { errors: [error({ code: "X", http: { status: 400, spec: true } })] };
    case "unavailable":
      return { errors: [error({ code: "X", http: { status: 503, spec: false, headers: { "retry-after": "1" } } })] };
    case "partial":
      return { errors: [error({ code: "X" })], data: { partial: null } };
    case "several":
      return { errors: [new GraphQLError("inner", { originalError: new Error("secret") }), error({})], data: null };
    case "empty":
      return { errors: [], data: { empty: "ä\u2028" } };
    case "broken":
      throw new Error("secret");
    default:
      return await echo(operation);
  }
};

async function answerOf(agent: Agent, port: string, { method, path, headers, body }: Generated) {
  const response = await new Promise<IncomingMessage>((settle, fail) => {
    request({ agent, port, method, path, headers }, settle).on("error", fail).end(body);
  });
  const { date: _, ...rest } = response.headers;
  return { status: response.statusCode, headers: rest, body: await text(response) };
}

/** What may be asked by its id; where nothing else may be asked, most texts too. */
const registered = [
  { id: "known", body: "query($n: String) { hello(name: $n) }" },
  { id: "__proto__", body: "{ hello" },
  { id: "costly", body: "{ many(first: 100) { many(first: 100) { hello } } }" },
  ...queries.flatMap((body, index) => (typeof body === "string" && index % 6 !== 1 ? [{ id: `${index}`, body }] : [])),
];

for (const dev of [false, true]) {
  test(
    `${requests / 2} generated requests are answered alike with and without Yoga, in ${dev ? "dev" : "production"} mode`,
    { timeout: 300_000 },
    async () => {
      const operations = persistedOperations(dev ? "prefer" : "only", registered);
      const settings = { ...settingsOf(dev, limits), operations };
      await using plain = await serve({ settings, run });
      await using yoga = await serve({ settings, run, plain: false });
      const agent = new Agent({ keepAlive: true, maxSockets: 16 });
      const seed = Number(process.env["PLAIN_SEED"] ?? Date.now() % 1_000_000);
      const all = generate(seed + Number(dev)).slice(0, requests / 2);
      const ports = [plain, yoga].map(({ graphql }) => new URL(graphql).port);
      for (let from = 0; from < all.length; from += 50) {
        await Promise.all(
          all.slice(from, from + 50).map(async (generated) => {
            const [ours, theirs] = await Promise.all(ports.map((port) => answerOf(agent, port, generated)));
            const what = `PLAIN_SEED=${seed} ${generated.headers["x-request-id"]}: ${JSON.stringify(generated).slice(0, 500)}`;
            assert.deepEqual(ours, theirs, what);
          }),
        );
      }
      agent.destroy();
      assert.ok(plain.plainAnswers() > all.length / 20, "many need no Yoga");
      assert.equal(yoga.plainAnswers(), 0);
      assert.deepEqual(plain.refusals.toSorted(), yoga.refusals.toSorted(), "counted alike");
      assert.ok(new Set(plain.refusals).size >= 7, "of many kinds");
      // Yoga tells some faults twice.
      assert.deepEqual(new Set(plain.errors.map(String)), new Set(yoga.errors.map(String)), "told to the log");
    },
  );
}
