import assert from "node:assert/strict";
import { once } from "node:events";
import { IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { eventually } from "../../../tests/support/process.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { ReviewedShop } from "./testing/reviews.ts";
import { connectWs, subscribeSse, subscribeWs } from "./testing/subscriber.ts";

const query = "subscription { reviewAdded { id product { name } } }";
const deadline = { timeout: 120_000 };
const protocols = { sse: 1, ws: 2 } as const;
const clients = { sse: subscribeSse, ws: subscribeWs };
const answer = (id: string) => ({
  data: { reviewAdded: { id: `review of ${id}`, product: { name: `Product ${id}` } } },
});
const codes = (told: unknown): unknown =>
  Object(told).errors?.map((error: unknown) => Object(Object(error).extensions).code);

async function serving(shop: ReviewedShop, protocol: 1 | 2): Promise<Gateway> {
  const gateway = await Gateway.start();
  await gateway.configure({ identity: acme, ...shop.sections(protocol) });
  return gateway;
}

const listeners = (shop: ReviewedShop, count: number) =>
  eventually(
    async () => shop.listeners,
    (open) => open === count,
  );

for (const [from, protocol] of Object.entries(protocols)) {
  test(
    `events come by ${from} from the service, completed by another, and what ends them is told`,
    deadline,
    async () => {
      await using shop = await ReviewedShop.start();
      await using gateway = await serving(shop, protocol);
      const both = await Promise.all(Object.values(clients).map((subscribe) => subscribe(gateway.graphql, query)));
      await listeners(shop, 2);
      for (const id of ["1", "2"]) shop.add(id);
      for (const { next } of both) assert.deepEqual([await next(), await next()], [answer("1"), answer("2")]);

      shop.add("gone");
      shop.add("3");
      for (const { next } of both) {
        const spoiled = await next();
        assert.deepEqual(Object(spoiled).data, { reviewAdded: { id: "review of gone", product: null } });
        assert.equal(Object(spoiled).errors.length, 1, "one event that fails does not end the stream");
        assert.deepEqual(await next(), answer("3"));
      }

      // A client leaves: its stream at the service is closed, the other's goes on.
      both[0]?.leave();
      await listeners(shop, 1);
      shop.add("4");
      assert.deepEqual(await both[1]?.next(), answer("4"));

      await shop.crash();
      assert.deepEqual(codes(await both[1]?.next()), ["SERVICE_UNAVAILABLE"]);
      assert.equal(await both[1]?.next(), undefined, "and then it is complete");
    },
  );
}

test("a subscription goes on with its schema after a reload, and ends with its service", deadline, async () => {
  await using shop = await ReviewedShop.start();
  await using gateway = await serving(shop, protocols.sse);
  const subscriber = await subscribeWs(gateway.graphql, query);
  await listeners(shop, 1);
  const { schema, endpoints } = shop.sections(protocols.sse);
  await gateway.configure({ schema: { supergraphSdl: `${schema.supergraphSdl}\n# changed` } });
  shop.add("1");
  assert.deepEqual(await subscriber.next(), answer("1"));
  const others = endpoints.services.filter(({ service }) => service !== "reviews");
  await gateway.configure({ endpoints: { services: others } });
  assert.deepEqual(codes(await subscriber.next()), ["SERVICE_UNAVAILABLE"]);
  assert.equal(await subscriber.next(), undefined);
});

test("a gateway that stops ends its subscriptions by their codes, and at the service", deadline, async () => {
  await using shop = await ReviewedShop.start();
  const gateway = await serving(shop, protocols.ws);
  const stream = await subscribeSse(gateway.graphql, query);
  const socket = await subscribeWs(gateway.graphql, query);
  await listeners(shop, 2);
  const began = performance.now();
  const stopped = gateway.running.stop();
  assert.deepEqual(codes(await stream.next()), ["GATEWAY_STOPPING"]);
  assert.equal(await stream.next(), undefined);
  assert.equal(await socket.closed, 1012);
  assert.equal(await stopped, 0);
  assert.ok(performance.now() - began < 9_000, "without waiting for the end of the drain");
  await listeners(shop, 0);
  await gateway[Symbol.asyncDispose]();
});

test("100 subscriptions at once each get every event", deadline, async () => {
  await using shop = await ReviewedShop.start();
  await using gateway = await serving(shop, protocols.sse);
  const all = await Promise.all(
    Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? subscribeSse : subscribeWs)(gateway.graphql, query)),
  );
  await listeners(shop, 100);
  for (const id of ["1", "2", "3"]) shop.add(id);
  for (const { next } of all)
    assert.deepEqual([await next(), await next(), await next()], [answer("1"), answer("2"), answer("3")]);
  for (const { leave } of all) leave();
  await listeners(shop, 0);
});

test("a client that does not read costs a bounded queue, then its stream at the service", deadline, async () => {
  await using shop = await ReviewedShop.start();
  await using gateway = await serving(shop, protocols.sse);
  const asked = request(gateway.graphql, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
  });
  asked.end(JSON.stringify({ query }));
  const [response] = await once(asked, "response");
  assert.ok(response instanceof IncomingMessage);
  await listeners(shop, 1);
  const telling = setInterval(() => shop.add("x".repeat(100_000)), 2);
  await listeners(shop, 0);
  clearInterval(telling);
  const all = await text(response);
  assert.match(all.slice(-1_000), /SUBSCRIBER_TOO_SLOW[^\n]*\n\nevent: complete\ndata:\n\n$/);
  assert.ok(all.length < 64 * 1024 * 1024);
});

test(
  "over a WebSocket queries are answered too, by the same checks, and malformed frames close it",
  deadline,
  async () => {
    await using shop = await ReviewedShop.start();
    await using gateway = await serving(shop, protocols.sse);
    const { tell, messages, closed } = await connectWs(gateway.graphql);
    assert.deepEqual(await messages.next(), { type: "connection_ack" });
    const ask = async (id: string, payload: unknown): Promise<{ readonly type: string; readonly payload: unknown }> => {
      tell(JSON.stringify({ id, type: "subscribe", payload }));
      return Object(await messages.next());
    };
    assert.deepEqual((await ask("1", { query: "{ __typename }" })).payload, { data: { __typename: "Query" } });
    assert.equal(Object(await messages.next()).type, "complete");
    for (const [id, refused] of Object.entries({
      hidden: "{ __schema { queryType { name } } }",
      unknown: "subscription { nobody }",
      broken: "{",
      bomb: `{ ${"__typename ".repeat(2_100)} }`,
    })) {
      const { type, payload } = await ask(id, { query: refused });
      assert.equal(type, "error", id);
      assert.ok(!JSON.stringify(payload).includes("http"), id);
    }
    tell("{");
    assert.equal(await closed, 4400);

    for (const [first, code] of Object.entries({
      '{"id":"1","type":"subscribe","payload":{"query":"{a}"}}': 4401,
      "[]": 4400,
    })) {
      const early = await connectWs(gateway.graphql, first);
      assert.equal(await early.closed, code);
    }
    const long = await connectWs(gateway.graphql, `"${"x".repeat(300 * 1024)}"`);
    assert.equal(await long.closed, 1009);
    assert.equal((await gateway.probe("/readyz")).status, 200);
  },
);
