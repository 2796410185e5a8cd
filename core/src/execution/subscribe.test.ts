import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServiceAnswer, SubscriptionPort, SubscriptionRequest } from "./index.ts";
import { errorCodes, errorLines, type GraphSource, TestGraph } from "./testing/graph.ts";
import type { Row } from "./testing/subgraph.ts";

const names: Readonly<Record<string, string>> = { p1: "Table", p2: "Chair" };

const shop = (): GraphSource => ({
  services: {
    products: `type Query { products: [Product] } type Product @key(fields: "id") { id: ID!  name(upper: Boolean): String! }`,
    reviews: `type Product @key(fields: "id") { id: ID! }
      type Review { id: ID!  body: String!  product: Product }
      type Mutation { review: Review }
      type Subscription { reviewAdded(of: ID): Review  counted: Int! }`,
  },
  resolvers: { "Product.name": ({ id }) => names[String(id)] },
  entities: { Product: ({ id }) => ({ __typename: "Product", id }) },
});

const graph = new TestGraph(shop);

const answered = (data: unknown, errors?: unknown): ServiceAnswer => ({
  kind: "answered",
  payload: errors === undefined ? { data } : { data, errors },
});
const review = (key: string, id: string, product: string | null): ServiceAnswer =>
  answered({ [key]: { id, body: "b", product: product && { __typename: "Product", id: product } } });

/** Of a review, all that it needs is whose it is. */
type Told = ServiceAnswer | string | null;

/** A source that tells these, and remembers what it was asked and whether it was left. */
function source(...events: readonly Told[]) {
  const asked: SubscriptionRequest[] = [];
  const seen = { asked, left: false };
  const subscribe: SubscriptionPort["subscribe"] = async function* (request) {
    asked.push(request);
    const key = /(\w+): ?reviewAdded/.exec(request.body)?.[1] ?? "reviewAdded";
    try {
      for (const [index, event] of events.entries())
        yield typeof event === "object" && event !== null ? event : review(key, String(index + 1), event);
    } finally {
      seen.left = true;
    }
  };
  return { subscribe, seen };
}

test("each event is completed by the other services, in order, under the client's aliases", async () => {
  const { subscribe, seen } = source("p1", "p2", null);
  const query = `subscription ($of: ID, $up: Boolean) {
    id: reviewAdded(of: $of) { id product { id: name(upper: $up) } }
  }`;
  const answers = await graph.subscribe(query, subscribe, { variables: { of: "p1", up: null } });
  assert.deepEqual(answers, [
    { data: { id: { id: "1", product: { id: "Table" } } } },
    { data: { id: { id: "2", product: { id: "Chair" } } } },
    { data: { id: { id: "3", product: null } } },
  ]);
  assert.equal(seen.asked.length, 1, "the service is asked once");
  assert.equal(seen.asked[0]?.service, "reviews");
  assert.match(seen.asked[0]?.body ?? "", /"variables":\{"of":"p1"\}\}$/, "with the variables of its part");
});

test("an event whose completion fails carries the error, and the next one is whole", async () => {
  const { subscribe } = source("p1", "p2");
  let calls = 0;
  const answers = await graph.subscribe("subscription { reviewAdded { id product { name } } }", subscribe, {
    interferences: {
      products: (_, real) =>
        (calls += 1) === 1 ? { kind: "failed", code: "SERVICE_UNAVAILABLE", message: "down" } : real(),
    },
  });
  assert.deepEqual(answers[0]?.data, { reviewAdded: { id: "1", product: null } });
  assert.deepEqual(errorLines(answers[0] ?? {}), ["reviewAdded.product.name: down"]);
  assert.deepEqual(answers[1], { data: { reviewAdded: { id: "2", product: { name: "Chair" } } } });
});

test("null travels up within its event alone, to the whole event where the root may not be null", async () => {
  const { subscribe } = source(answered({ counted: null }), answered({ counted: "many" }), answered({ counted: 3 }));
  const answers = await graph.subscribe("subscription { counted }", subscribe);
  assert.deepEqual(
    answers.map(({ data }) => data),
    [null, null, { counted: 3 }],
  );
  assert.deepEqual(errorCodes(answers[0] ?? {}), ["undefined SERVICE_NULL"]);
});

test("an event's own errors are told in it, at the client's path", async () => {
  const broken = { message: "no body", path: ["reviewAdded", "body"], extensions: { code: "GONE" } };
  const { subscribe } = source(answered({ reviewAdded: null }, [broken]), null);
  const answers = await graph.subscribe("subscription { reviewAdded { id body } }", subscribe);
  assert.deepEqual(errorLines(answers[0] ?? {}), ["reviewAdded.body: no body"]);
  assert.equal(answers[1]?.errors, undefined);
});

test("what ends the source is told in a last answer", async () => {
  const { subscribe } = source(null, {
    kind: "failed",
    code: "SERVICE_UNAVAILABLE",
    message: "gone",
  });
  const answers = await graph.subscribe("subscription { reviewAdded { id } }", subscribe);
  assert.equal(answers.length, 2);
  assert.deepEqual(errorLines(answers[1] ?? {}), ["reviewAdded: gone"]);
});

test("what is no answer, and lists nested a hundred thousand deep, spoil their own event alone", async () => {
  let deep: unknown = [];
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  const hostile: readonly ServiceAnswer[] = [
    { kind: "answered", payload: 3 },
    { kind: "answered", payload: null },
    answered([]),
    answered({ reviewAdded: deep }),
    answered(JSON.parse('{"__proto__":{"reviewAdded":{"id":"x"}}}')),
  ];
  const { subscribe } = source(...hostile, null);
  const answers = await graph.subscribe("subscription { reviewAdded { id } }", subscribe);
  assert.equal(answers.length, hostile.length + 1);
  for (const answer of answers.slice(0, -1)) assert.equal(answer.errors?.length, 1, JSON.stringify(answer));
  assert.deepEqual(answers.at(-1), { data: { reviewAdded: { id: "6" } } });
});

test("wrong variables are answered at once, and the service is not asked", async () => {
  const { subscribe, seen } = source();
  const variables: Row = { up: "yes" };
  const query = "subscription ($up: Boolean) { reviewAdded { product { name(upper: $up) } } }";
  const [answer] = await graph.subscribe(query, subscribe, { variables });
  assert.match(answer?.errors?.[0]?.message ?? "", /\$up/);
  assert.equal(seen.asked.length, 0);
});

test("after the abort nothing more is answered, and the source is left", async () => {
  const controller = new AbortController();
  const { subscribe, seen } = source("p1", "p1");
  const answers = await graph.subscribe("subscription { reviewAdded { id product { name } } }", subscribe, {
    signal: controller.signal,
    interferences: {
      products: (_, real) => {
        controller.abort();
        return real();
      },
    },
  });
  assert.deepEqual(answers, []);
  assert.ok(seen.left);
});
