import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayV1 } from "@catalyst-node/adapters/rpc";
import { eventually } from "../../../tests/support/process.ts";
import { makeIssuer, trustedIssuer } from "../../../tests/support/tokens.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { ReviewedShop } from "./testing/reviews.ts";
import { connectWs, subscribeSse, subscribeWs, type Subscriber } from "./testing/subscriber.ts";
import { type Trust, trusting } from "./testing/trust.ts";

const deadline = { timeout: 120_000 };
const { OPTIONAL } = gatewayV1.TrustSection_Mode;
const query = "subscription { reviewAdded { id } }";
const clients = { sse: subscribeSse, ws: subscribeWs };
const own = makeIssuer();
const partner = makeIssuer({ issuer: "urn:catalyst:partner" });

const trust = trusting(own, partner);
const codes = (told: unknown): unknown =>
  Object(told).errors?.map((error: unknown) => Object(Object(error).extensions).code);

/** What a stream is told last, and how its connection is closed; within a second of what ends it. */
async function assertEnded(subscriber: Subscriber, close: number, name: string): Promise<void> {
  const began = performance.now();
  assert.deepEqual(codes(await subscriber.next()), ["TOKEN_EXPIRED"], name);
  assert.equal(await subscriber.next(), undefined, name);
  assert.equal(await subscriber.closed, close, name);
  assert.ok(performance.now() - began < 1_000, name);
}

/** One by each protocol. */
async function subscribeBoth(gateway: Gateway, token: string): Promise<readonly (readonly [Subscriber, number])[]> {
  return [
    [await clients.sse(gateway.graphql, query, { token }), 0],
    [await clients.ws(gateway.graphql, query, { token }), 4403],
  ];
}

for (const workers of [1, 2]) {
  test(`what takes a token back ends its streams, and nobody else's (workers: ${workers})`, deadline, async () => {
    await using shop = await ReviewedShop.start();
    await using gateway = await Gateway.start(["--workers", String(workers)]);
    await gateway.configure({ identity: acme, ...shop.sections(1), trust: trust() });
    const listeners = (count: number) =>
      eventually(
        async () => shop.listeners,
        (open) => open === count,
      );
    const staying = await subscribeBoth(gateway, own.serviceToken({ jti: "stays" }));
    const ends: Readonly<Record<string, readonly [string, Trust]>> = {
      jti: [own.serviceToken({ jti: "gone" }), { revocations: [{ what: { case: "jti", value: "gone" } }] }],
      kid: [
        partner.serviceToken(),
        { revocations: [{ issuer: partner.issuer, what: { case: "kid", value: partner.kid } }] },
      ],
      key: [partner.serviceToken({ jti: "key" }), { issuers: [trustedIssuer(own), { issuer: partner.issuer }] }],
      issuer: [partner.serviceToken({ jti: "issuer" }), { issuers: [trustedIssuer(own)] }],
    };
    for (const [name, [token, changes]] of Object.entries(ends)) {
      await gateway.configure({ trust: trust() });
      const both = await subscribeBoth(gateway, token);
      await listeners(4);
      await gateway.configure({ trust: trust(changes) });
      for (const [subscriber, close] of both) await assertEnded(subscriber, close, name);
      await listeners(2);
    }
    shop.add("1");
    for (const [{ next, leave }] of staying) {
      assert.deepEqual(await next(), { data: { reviewAdded: { id: "review of 1" } } });
      leave();
    }
  });
}

test("a stream ends when its token expires, and no operation of its connection begins later", deadline, async () => {
  await using shop = await ReviewedShop.start();
  await using gateway = await Gateway.start();
  await gateway.configure({ identity: acme, ...shop.sections(1), trust: trust() });
  const ttl = 3;
  const expiresAt = (Math.floor(Date.now() / 1_000) + ttl) * 1_000;
  const both = await subscribeBoth(gateway, own.serviceToken({ ttl }));
  for (const [subscriber, close] of both) {
    await assertEndedAt(expiresAt, subscriber);
    assert.equal(await subscriber.next(), undefined);
    assert.equal(await subscriber.closed, close);
  }

  async function assertEndedAt(time: number, { next }: Subscriber): Promise<void> {
    assert.deepEqual(codes(await next()), ["TOKEN_EXPIRED"]);
    assert.ok(Date.now() >= time - 50 && Date.now() < time + 1_000, `${Date.now() - time} ms after it expired`);
  }
});

test("nobody's streams end when a token is needed", deadline, async () => {
  await using shop = await ReviewedShop.start();
  await using gateway = await Gateway.start();
  await gateway.configure({ identity: acme, ...shop.sections(2), trust: trust({ mode: OPTIONAL }) });
  const anonymous = [
    [await subscribeSse(gateway.graphql, query), 0],
    [await subscribeWs(gateway.graphql, query), 4403],
  ] as const;
  const known = await subscribeWs(gateway.graphql, query, { token: own.serviceToken() });
  await eventually(
    async () => shop.listeners,
    (open) => open === 3,
  );
  await gateway.configure({ trust: trust() });
  for (const [subscriber, close] of anonymous) await assertEnded(subscriber, close, "anonymous");
  shop.add("1");
  assert.deepEqual(await known.next(), { data: { reviewAdded: { id: "review of 1" } } });
  known.leave();
});

test("a WebSocket is opened by a token of its head, or of what it says first, and by one alone", deadline, async () => {
  await using gateway = await Gateway.start();
  await gateway.configure({ identity: acme, schema: {}, endpoints: {}, trust: trust() });
  const token = own.serviceToken();
  const init = (payload?: unknown) => JSON.stringify({ type: "connection_init", payload });
  const bearer = `Bearer ${token}`;
  const taken: Readonly<Record<string, readonly [string, { readonly token: string }?]>> = {
    head: [init(), { token }],
    authorization: [init({ authorization: bearer })],
    Authorization: [init({ Authorization: bearer })],
  };
  for (const [name, [first, by]] of Object.entries(taken)) {
    const { tell, messages, socket } = await connectWs(gateway.graphql, first, by);
    assert.deepEqual(await messages.next(), { type: "connection_ack" }, name);
    tell('{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}');
    assert.deepEqual(Object(await messages.next()).payload, { data: { __typename: "Query" } }, name);
    socket.close();
  }
  const refused: typeof taken = {
    none: [init()],
    "none of a payload": [init({})],
    bad: [init({ authorization: "Bearer x" })],
    "no text": [init({ authorization: [bearer] })],
    "no scheme": [init({ authorization: token })],
    twice: [init({ authorization: bearer, Authorization: bearer })],
    "head and payload": [init({ authorization: bearer }), { token }],
  };
  for (const [name, [first, by]] of Object.entries(refused)) {
    const { closed } = await connectWs(gateway.graphql, first, by);
    assert.equal(await closed, 4403, name);
  }
  const { closed } = await connectWs(gateway.graphql, init(), { token: "x" });
  assert.equal(await closed, 1006, "refused before it was opened");
});

test("a connection over which nothing runs is closed when its token is taken back", deadline, async () => {
  await using gateway = await Gateway.start();
  await gateway.configure({ identity: acme, schema: {}, endpoints: {}, trust: trust() });
  const { messages, closed } = await connectWs(gateway.graphql, undefined, {
    token: own.serviceToken({ jti: "gone" }),
  });
  assert.deepEqual(await messages.next(), { type: "connection_ack" });
  await gateway.configure({ trust: trust({ revocations: [{ what: { case: "jti", value: "gone" } }] }) });
  assert.equal(await closed, 4403);
});
