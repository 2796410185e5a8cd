import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { test, type TestContext } from "node:test";
import type { ServiceAnswer, SubscriptionRequest } from "@catalyst-node/core/execution";
import { defaultUpstreamLimits } from "@catalyst-node/core/model";
import type { EndpointTable } from "./endpoints.ts";
import {
  createServiceSubscriptions,
  type ServiceSubscriptions,
  type ServiceSubscriptionsOptions,
} from "./subscribe.ts";
import { sourceServer, type Teller } from "./testing/source-server.ts";

const request: SubscriptionRequest = { service: "s", body: `{"query":"subscription{a}"}`, headers: {} };
const options = { timeout: 30_000 };

function port(t: TestContext, table: EndpointTable, limits: ServiceSubscriptionsOptions = {}): ServiceSubscriptions {
  const own = createServiceSubscriptions(limits);
  own.setEndpoints(table);
  t.after(() => own[Symbol.asyncDispose]());
  return own;
}

const outcome = (answer: ServiceAnswer) => (answer.kind === "failed" ? answer.code : JSON.stringify(answer.payload));

async function all(own: ServiceSubscriptions, signal = new AbortController().signal): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for await (const answer of own.subscribe(request, signal)) answers.push(outcome(answer));
  return answers;
}

/** A TCP listener that takes connections and says nothing; its port. */
async function silent(t: TestContext): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  const sockets = new Set<{ destroy: () => void }>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => undefined)));
  await once(server, "listening");
  t.after(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return `http://127.0.0.1:${address.port}/graphql`;
}

for (const protocol of ["sse", "ws"] as const) {
  test(
    `${protocol}: a service is told who asks by the gateway's token, and never by the client's`,
    options,
    async (t) => {
      const heard: (string | undefined)[] = [];
      const { table } = await sourceServer(t, protocol, ({ authorization, complete }) => {
        heard.push(authorization);
        complete();
      });
      const own = port(t, table);
      const clients = { ...request, headers: { authorization: "Bearer client" } };
      for (const asked of [clients, { ...clients, token: "own.token-of.it_" }])
        for await (const _ of own.subscribe(asked, new AbortController().signal)) assert.fail("nothing is told");
      assert.deepEqual(heard, [undefined, "Bearer own.token-of.it_"]);
    },
  );

  test(`${protocol}: events come in order, each a whole response, until the service completes`, options, async (t) => {
    const asked: unknown[] = [];
    const { table } = await sourceServer(t, protocol, ({ next, complete }, body) => {
      asked.push(body);
      for (const a of [1, 2, 3]) next(`{"data":{"a":${a}}}`);
      complete();
    });
    assert.deepEqual(await all(port(t, table)), ['{"data":{"a":1}}', '{"data":{"a":2}}', '{"data":{"a":3}}']);
    assert.deepEqual(asked, [{ query: "subscription{a}" }]);
  });

  test(`${protocol}: who leaves closes the connection to the service`, options, async (t) => {
    const teller = Promise.withResolvers<Teller>();
    const { table } = await sourceServer(t, protocol, (own) => {
      own.next("{}");
      teller.resolve(own);
    });
    const controller = new AbortController();
    const seen: string[] = [];
    for await (const answer of port(t, table).subscribe(request, controller.signal)) {
      seen.push(outcome(answer));
      controller.abort();
    }
    assert.deepEqual(seen, ["{}"]);
    await (
      await teller.promise
    ).left;
  });

  test(`${protocol}: a connection that breaks off is told after the events that came`, options, async (t) => {
    const { table } = await sourceServer(t, protocol, ({ next, breakOff }) => {
      next('{"data":{"a":1}}');
      setTimeout(breakOff, 50);
    });
    assert.deepEqual(await all(port(t, table)), ['{"data":{"a":1}}', "SERVICE_UNAVAILABLE"]);
  });

  test(`${protocol}: an event that is too long ends the stream by its code`, options, async (t) => {
    const { table } = await sourceServer(t, protocol, ({ next }) => next(JSON.stringify({ data: "x".repeat(5_000) })));
    assert.deepEqual(await all(port(t, table, { eventBytes: 2_000 })), ["SERVICE_BAD_RESPONSE"]);
  });

  test(`${protocol}: more events than may wait end the subscription and the service's stream`, options, async (t) => {
    const teller = Promise.withResolvers<Teller>();
    const { table } = await sourceServer(t, protocol, (own) => {
      for (let index = 0; index < 200; index += 1) own.next(`{"data":${index}}`);
      teller.resolve(own);
    });
    const events = port(t, table, { waiting: { events: 10, bytes: 1_000 } }).subscribe(
      request,
      new AbortController().signal,
    );
    const iterator = events[Symbol.asyncIterator]();
    const first = await iterator.next();
    await (
      await teller.promise
    ).left;
    const rest: string[] = first.done ? [] : [outcome(first.value)];
    for (let step = await iterator.next(); !step.done; step = await iterator.next()) rest.push(outcome(step.value));
    assert.equal(rest.at(-1), "SUBSCRIBER_TOO_SLOW");
    assert.ok(rest.length <= 12, rest.join());
  });

  test(`${protocol}: a service that takes the connection and says nothing has its time`, options, async (t) => {
    const url = await silent(t);
    const table = new Map([["s", [{ url, subscriptions: { protocol } }]]]);
    const own = port(t, table);
    own.setLimits({ ...defaultUpstreamLimits, tryTimeout: 200 });
    assert.deepEqual(await all(own), ["SERVICE_TIMEOUT"]);
  });

  test(`${protocol}: a stream that falls silent has its time too`, options, async (t) => {
    const { table } = await sourceServer(t, protocol, ({ next }) => next("{}"));
    assert.deepEqual(await all(port(t, table, { idleMs: 300, pingMs: 150 })), ["{}", "SERVICE_TIMEOUT"]);
  });

  test(`${protocol}: another endpoint is asked only when nothing was connected`, options, async (t) => {
    const { table, url } = await sourceServer(t, protocol, ({ next, complete }) => {
      next("{}");
      complete();
    });
    const dead = { url: "http://127.0.0.1:1/graphql", subscriptions: { protocol } };
    const both = new Map([["s", [dead, { url, subscriptions: { protocol } }]]]);
    assert.deepEqual(await all(port(t, both)), ["{}"]);
    assert.deepEqual(await all(port(t, new Map([["s", [dead]]]))), ["SERVICE_UNAVAILABLE"]);
    assert.ok(table.has("s"));
  });

  test(`${protocol}: the stream of an endpoint that leaves the table ends, others go on`, options, async (t) => {
    const { table } = await sourceServer(t, protocol, ({ next }) => next("{}"));
    const own = port(t, table);
    const seen: string[] = [];
    for await (const answer of own.subscribe(request, new AbortController().signal)) {
      seen.push(outcome(answer));
      own.setEndpoints(new Map(table));
      setImmediate(() => own.setEndpoints(new Map()));
    }
    assert.deepEqual(seen, ["{}", "SERVICE_UNAVAILABLE"]);
  });
}

test("an event that is no JSON is an answer that is none", options, async (t) => {
  const { table } = await sourceServer(t, "sse", ({ next, complete }) => {
    next("not json");
    complete();
  });
  assert.deepEqual(await all(port(t, table)), [undefined]);
});

test("a service that answers by one response has it told", options, async (t) => {
  const server = createHttpServer((_, response) => {
    response.writeHead(400, { "content-type": "application/json" }).end('{"errors":[{"message":"no"}]}');
  }).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const url = `http://127.0.0.1:${address.port}/`;
  assert.deepEqual(await all(port(t, new Map([["s", [{ url }]]]))), ['{"errors":[{"message":"no"}]}']);
  const socket = [{ url, subscriptions: { protocol: "ws" } as const }];
  assert.deepEqual(await all(port(t, new Map([["s", socket]]))), ["SERVICE_BAD_RESPONSE"]);
});

test(
  "over a WebSocket, errors of the operation are its answer; of other operations nothing is taken",
  options,
  async (t) => {
    const { table } = await sourceServer(t, "ws", ({ raw, id }) => {
      raw('{"id":"other","type":"next","payload":{}}');
      raw(`{"id":"${id}","type":"error","payload":[{"message":"no"}]}`);
    });
    assert.deepEqual(await all(port(t, table)), ['{"errors":[{"message":"no"}]}']);
  },
);

for (const [what, bytes] of Object.entries({
  "no JSON": "{",
  "no message": '{"type":"nonsense"}',
  "an event that is no object": '{"id":"1","type":"next","payload":1}',
  "a second acknowledgement without a type": '{"payload":{}}',
})) {
  test(`a WebSocket that tells ${what} is closed, and nothing of it is told`, options, async (t) => {
    const { table } = await sourceServer(t, "ws", ({ raw, next }) => {
      next("{}");
      raw(bytes);
    });
    assert.deepEqual(await all(port(t, table)), ["{}", "SERVICE_BAD_RESPONSE"]);
  });
}

for (const protocol of ["sse", "ws"] as const) {
  test(`${protocol}: a service that closes in peace without completing is not asked again`, options, async (t) => {
    let connections = 0;
    const { table } = await sourceServer(t, protocol, ({ next, close }) => {
      connections += 1;
      next("{}");
      setTimeout(close, 20);
    });
    assert.deepEqual(await all(port(t, table)), ["{}", "SERVICE_UNAVAILABLE"]);
    assert.equal(connections, 1);
  });
}

test("a service without an endpoint, and one stream too many, are unavailable", options, async (t) => {
  assert.deepEqual(await all(port(t, new Map())), ["SERVICE_UNAVAILABLE"]);
  const { table } = await sourceServer(t, "sse", () => undefined);
  assert.deepEqual(await all(port(t, table, { streams: 0 })), ["SERVICE_UNAVAILABLE"]);
});
