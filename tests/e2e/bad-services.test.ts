import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BadService,
  answersHtml,
  badService,
  hangs,
  hasSdl,
  hugeSdl,
  nobody,
  unparsableSdl,
} from "../support/bad-service.ts";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, runNode, services, untilService } from "../support/node.ts";
import { eventually } from "../support/process.ts";

const joined = `{ products(first: 1) { name reviews { rating } } }`;

type Case = {
  readonly name: string;
  readonly manner: string;
  readonly service: () => Promise<{ readonly url: string } & Partial<AsyncDisposable>>;
  readonly state: string;
  readonly code: RegExp;
  readonly says: RegExp;
};

const cases: readonly Case[] = [
  {
    name: "down",
    manner: "is down",
    service: async () => ({ url: await nobody() }),
    state: "pending",
    code: /^CAT-SERVICE-/,
    says: /ECONNREFUSED|refused/i,
  },
  {
    name: "hanging",
    manner: "hangs",
    service: () => badService(hangs),
    state: "pending",
    code: /^CAT-SERVICE-/,
    says: /answer/i,
  },
  {
    name: "html",
    manner: "answers HTML",
    service: () => badService(answersHtml),
    state: "pending",
    code: /^CAT-SERVICE-/,
    says: /html/i,
  },
  {
    name: "huge",
    manner: "has an SDL of 30 MB",
    service: () => badService(hugeSdl),
    state: "pending",
    code: /^CAT-SERVICE-/,
    says: /4 ?MiB|large|bytes/i,
  },
  {
    name: "garbled",
    manner: "has an SDL that does not parse",
    service: () => badService(unparsableSdl),
    state: "quarantined",
    code: /^CAT-SUPERGRAPH-/,
    says: /Syntax Error|Expected/i,
  },
  {
    name: "clashing",
    manner: "has an SDL that does not compose",
    service: () => badService(hasSdl("type Query { products(first: Int): [String!]! }")),
    state: "quarantined",
    code: /^CAT-SUPERGRAPH-/,
    says: /products/,
  },
];

test("beside every kind of bad service the rest serves at once", async (t) => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const products = stack.use(await example("products"));
  const reviews = stack.use(await example("reviews"));
  const bad = await Promise.all(cases.map(async ({ name, service }) => [name, await service()] as const));
  for (const [, service] of bad) stack.defer(() => (service as Partial<BadService>)[Symbol.asyncDispose]?.());
  const stuck = stack.use(await badService(hangs));
  const node = stack.use(
    await runNode({
      stateDir: folder.path,
      services: {
        products: products.graphql,
        reviews: reviews.graphql,
        ...Object.fromEntries(bad.map(([name, { url }]) => [name, url])),
        stuck: stuck.url,
      },
      // One is soon given up, the other is still waited for when all else is served.
      flags: ["--set", "services[hanging].schema.timeout=1s", "--set", "services[stuck].schema.timeout=1h"],
    }),
  );
  assert.equal((await untilService(node, "stuck", "pending")).problems[0]?.code, "CAT-NODE-001", "nobody waits for it");
  const answer = await ask(node.graphql, joined);
  assert.deepEqual(answer.errors, undefined);
  assert.match(JSON.stringify(answer.data), /"rating":\d/);

  for (const { name, manner, state, code, says } of cases) {
    await t.test(`a service that ${manner} is shown ${state} with its reason`, async () => {
      const [problem] =
        (
          await eventually(
            async () => (await services(node)).find((service) => service.name === name),
            (service) => service?.state === state && code.test(service.problems[0]?.code ?? ""),
            { every: 200 },
          )
        )?.problems ?? [];
      assert.match(problem?.message ?? "", says);
    });
  }
  const good = (await services(node)).filter(({ name }) => name === "products" || name === "reviews");
  assert.deepEqual(
    good.map(({ state }) => state),
    ["serving", "serving"],
  );
});

test("a quarantined service joins by itself once its schema is mended", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using bad = await badService(hasSdl("type Query { products(first: Int): [String!]! }"));
  await using node = await runNode({
    stateDir: folder.path,
    services: { products: products.graphql, bad: bad.url },
    flags: ["--set", "services[bad].schema.interval=1s"],
  });
  await untilService(node, "bad", "quarantined");
  bad.behave(hasSdl("type Query { greeting: String }"));
  await untilService(node, "bad", "serving");
  // On a busy machine the planner may not be done in its second.
  const { errors } = await eventually(
    () => ask(node.graphql, "{ greeting products(first: 1) { id } }"),
    (answer) => answer.errors?.[0]?.path !== undefined,
  );
  assert.equal(errors?.[0]?.path?.toString(), "greeting", "the field is known now, though its service speaks nonsense");
});

test("a service that goes down keeps its last known schema, and comes back without a reload", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  const sdl = "type Query { greeting: String! }";
  await using moody = await badService(hasSdl(sdl));
  await using node = await runNode({
    stateDir: folder.path,
    services: { products: products.graphql, moody: moody.url },
    flags: ["--set", "services[moody].schema.interval=1s"],
  });
  await untilService(node, "moody", "serving");
  moody.behave(answersHtml);
  await untilService(node, "moody", "stale");
  const { data, errors } = await ask(node.graphql, "{ products(first: 1) { id } }");
  assert.deepEqual({ data, errors }, { data: { products: [{ id: "1" }] }, errors: undefined });
  moody.behave(hasSdl(sdl));
  await untilService(node, "moody", "serving");
});

test("a service that was down at the start joins when it comes", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using late = await badService((request) => request.socket.destroy());
  await using node = await runNode({
    stateDir: folder.path,
    services: { products: products.graphql, late: late.url },
  });
  await untilService(node, "late", "pending");
  late.behave(hasSdl("type Query { late: Boolean }"));
  await untilService(node, "late", "serving");
  await eventually(
    () => ask(node.graphql, "{ __typename late }"),
    ({ errors }) => errors?.[0]?.path?.toString() === "late",
  );
});
