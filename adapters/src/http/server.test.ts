import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { serveHttp } from "./server.ts";
import { codeOf, echo, post, quick, serve } from "./testing/serving.ts";
import { noVetting } from "./testing/settings.ts";

const deadline = { timeout: 20_000 };

test("a query by POST is answered, in either media type", deadline, async () => {
  await using serving = await serve();
  const answer = await post(serving.graphql, { query: "query A { hello } query B { x: hello }", operationName: "B" });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8");
  assert.deepEqual(await answer.json(), { data: { x: "world" } });
  const newer = await post(serving.graphql, { query: "{ nope }" }, { accept: "application/graphql-response+json" });
  assert.equal(newer.status, 400);
  assert.equal(newer.headers.get("content-type"), "application/graphql-response+json; charset=utf-8");
});

test(
  "before there is a schema the process is live, not ready, and answers 503 with its reasons",
  deadline,
  async () => {
    await using serving = await serve({ ready: false });
    assert.equal((await fetch(`${serving.server.url}/livez`)).status, 200);
    const ready = await fetch(`${serving.server.url}/readyz`);
    assert.equal(ready.status, 503);
    assert.partialDeepStrictEqual(await ready.json(), { ready: false, reasons: [{ code: "CAT-GATEWAY-002" }] });
    const answer = await post(serving.graphql, { query: "{ hello }" });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get("retry-after"), "1");
    assert.partialDeepStrictEqual(await answer.json(), {
      errors: [{ extensions: { code: "NOT_READY", reasons: [{ code: "CAT-GATEWAY-002" }] } }],
    });
  },
);

test("whatever is not plain JSON is 415, and nothing of it is executed", deadline, async () => {
  let executed = 0;
  await using serving = await serve({
    run: async (operation) => {
      executed += 1;
      return echo(operation);
    },
  });
  const mutation = JSON.stringify({ query: "mutation { set }" });
  const form = new URLSearchParams({ query: "mutation { set }" }).toString();
  const attempts: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [mutation, { "content-type": "text/plain" }],
    [form, { "content-type": "application/x-www-form-urlencoded" }],
    ["mutation { set }", { "content-type": "application/graphql" }],
    [mutation, { "content-type": "application/graphql+json" }],
    [`--x\r\n\r\n${mutation}\r\n--x--`, { "content-type": "multipart/form-data; boundary=x" }],
    [mutation, { "content-type": "application/json", "content-encoding": "gzip" }],
  ];
  for (const [body, headers] of attempts) {
    const answer = await post(serving.graphql, body, headers);
    assert.equal(answer.status, 415, JSON.stringify(headers));
    assert.equal(await codeOf(answer), "UNSUPPORTED_MEDIA_TYPE");
  }
  assert.equal(executed, 0);
  assert.equal((await post(serving.graphql, mutation)).status, 200);
});

test(
  "batches, odd bodies and unreadable JSON are 400, a large body is 413, other paths are 404",
  deadline,
  async () => {
    await using serving = await serve();
    const query = { query: "{ hello }" };
    assert.equal((await post(serving.graphql, [query])).status, 400);
    assert.equal((await post(serving.graphql, "{")).status, 400);
    assert.equal((await post(serving.graphql, "null")).status, 400);
    const unnamed = await post(serving.graphql, { ...query, operationName: "Nobody" });
    assert.equal(unnamed.status, 400);
    assert.equal(await codeOf(unnamed), "OPERATION_RESOLUTION_FAILURE");
    assert.equal((await post(serving.graphql, { query: `{ hello } #${"x".repeat(256 * 1024)}` })).status, 413);
    for (const path of ["/", "/graphql/", "/graphql/-", "/graphql/acme/west/books", "/health", "/graphqlx"]) {
      assert.equal((await post(`${serving.server.url}${path}`, query)).status, 404, path);
    }
  },
);

test("a body over the limit that comes in chunks is refused, and its connection not used again", deadline, async () => {
  await using serving = await serve({ limits: { ...quick, receiveTimeout: 10_000 } });
  const { port } = new URL(serving.server.url);
  const agent = new Agent({ keepAlive: true });
  const began = performance.now();
  for (const [body, status] of [
    [" ".repeat(400 * 1024), 413],
    ['{"query":"{hello}"}', 200],
  ] as const) {
    const call = request({ agent, port, path: "/graphql", method: "POST" });
    call.on("error", () => undefined);
    call.setHeader("content-type", "application/json");
    call.write(body);
    if (status === 200) call.end();
    const [response]: IncomingMessage[] = await once(call, "response");
    assert.equal(response?.statusCode, status);
    assert.equal(response.headers.connection, "close");
    response.resume();
    if (!call.writableEnded) call.end();
  }
  agent.destroy();
  assert.ok(performance.now() - began < 5000, "not only when the time to receive the first is over");
});

test("documents that cost more than their text are refused before they are executed", deadline, async () => {
  await using serving = await serve();
  const fragments = Array.from(
    { length: 30 },
    (_, i) => `fragment F${i} on Query { a: hello ...F${i + 1} b: hello ...F${i + 1} }`,
  );
  const attempts = {
    FIELD_LIMIT_EXCEEDED: `{ ...F0 } ${fragments.join(" ")} fragment F30 on Query { hello }`,
    GRAPHQL_VALIDATION_FAILED: "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    TOKEN_LIMIT_EXCEEDED: `{ ${"hello ".repeat(2001)} }`,
    GRAPHQL_PARSE_FAILED: `{ ${"a{".repeat(900)}`,
  };
  for (const [code, query] of Object.entries(attempts)) {
    const began = performance.now();
    assert.equal(await codeOf(await post(serving.graphql, { query })), code);
    assert.ok(performance.now() - began < 2000, code);
  }
});

test("a subscription is answered by an event stream, and by nothing else", deadline, async () => {
  await using serving = await serve();
  const query = "subscription { tick }";
  const stream = await post(serving.graphql, { query }, { accept: "text/event-stream" });
  assert.equal(stream.headers.get("content-type"), "text/event-stream");
  assert.match(
    await stream.text(),
    /^:\n\nevent: next\ndata: \{"data":\{"tick":1\}\}\n\n.*event: complete\ndata:\n\n$/s,
  );
  assert.equal((await post(serving.graphql, { query }, { accept: "application/json" })).status, 406);
});

test("a WebSocket is opened at the GraphQL path, by no page of another host", deadline, async () => {
  await using serving = await serve();
  const statusOf = (path: string, origin?: string): Promise<number | undefined> =>
    new Promise((settle, fail) => {
      const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
      const key = { "sec-websocket-key": "x3JJHMbDL1EzLkh9GBhXDw==", "sec-websocket-protocol": "graphql-transport-ws" };
      const asked = request(`${serving.server.url}${path}`, {
        headers: { ...headers, ...key, ...(origin && { origin }) },
      });
      asked.on("response", (response) => settle(response.resume().statusCode)).on("error", fail);
      asked.on("upgrade", (response, socket) => settle((socket.destroy(), response.statusCode))).end();
    });
  assert.equal(await statusOf("/graphql"), 101);
  assert.equal(await statusOf("/graphql", serving.server.url), 101);
  assert.equal(await statusOf("/graphql", "https://elsewhere.example"), 403);
  assert.equal(await statusOf("/graphql", "null"), 403);
  assert.equal(await statusOf("/other"), 404);
});

test("what breaks inside is told to the log and masked for the client", deadline, async () => {
  await using serving = await serve({ run: () => Promise.reject(new Error("secret http://10.0.0.1/ at file.ts:1")) });
  const answer = await post(serving.graphql, { query: "{ hello }" });
  assert.equal(answer.status, 500);
  const body = await answer.text();
  assert.doesNotMatch(body, /secret|10\.0\.0\.1|file\.ts/);
  assert.match(body, /INTERNAL_SERVER_ERROR/);
  assert.ok(serving.errors.length > 0);
});

test("a request id is kept when it is one, and made when it is not", deadline, async () => {
  await using serving = await serve();
  const idFor = async (id: string) =>
    (await post(serving.graphql, { query: "{ hello }" }, { "x-request-id": id })).headers.get("x-request-id");
  assert.equal(await idFor("trace-1:a.b"), "trace-1:a.b");
  assert.match((await idFor("no id at all")) ?? "", /^[0-9a-f-]{36}$/);
});

test("when the client leaves, its operation is told and its schema given back", deadline, async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  await using serving = await serve({
    release,
    run: ({ signal }) => {
      begin();
      signal.addEventListener("abort", () => resolve());
      return new Promise(() => undefined);
    },
  });
  const { port } = new URL(serving.server.url);
  const call = request({ port, path: "/graphql", method: "POST", headers: { "content-type": "application/json" } });
  call.on("error", () => undefined);
  call.end('{"query":"{ hello }"}');
  await begun;
  call.destroy();
  await left;
  await released;
});

test(
  "stopping lets what is in flight end, accepts nothing new, and cuts off what takes too long",
  deadline,
  async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    await using serving = await serve({
      run: async (operation) => {
        if (operation.query.includes("slow")) await gate;
        if (operation.query.includes("never")) await new Promise(() => undefined);
        return await echo(operation);
      },
    });
    const slow = post(serving.graphql, { query: "{ slow: hello }" });
    const never = post(serving.graphql, { query: "{ never: hello }" }).then(
      ({ status }) => status,
      () => "cut",
    );
    await post(serving.graphql, { query: "{ hello }" });
    const stopped = serving.server.stop(500);
    const kept = await post(serving.graphql, { query: "{ hello }" });
    assert.equal(kept.headers.get("connection"), "close", "whoever is connected is answered, and then no more");
    const { port, hostname } = new URL(serving.server.url);
    await assert.rejects(once(connect(Number(port), hostname), "connect"), { code: "ECONNREFUSED" });
    open();
    assert.deepEqual(await (await slow).json(), { data: { slow: "world" } });
    assert.equal(await stopped, 1);
    assert.notEqual(await never, 200);
  },
);

test("a port in use is a problem, and the port stays its owner's", deadline, async () => {
  await using serving = await serve();
  const port = Number(new URL(serving.server.url).port);
  const backend = {
    acquire: () => undefined,
    notReady: () => [],
    onError: () => undefined,
    onRefused: () => undefined,
    vetting: noVetting,
  };
  const second = await serveHttp({ host: "127.0.0.1", port }, backend);
  assert.equal(second.ok, false);
  assert.equal(second.ok || second.problems[0]?.code, "CAT-HTTP-001");
  assert.equal((await fetch(`${serving.server.url}/livez`)).status, 200);
});

test("a request that is not HTTP is answered 400 and ends nothing", deadline, async () => {
  await using serving = await serve();
  const socket = connect(Number(new URL(serving.server.url).port), "127.0.0.1");
  socket.end("\0\0garbage\r\n\r\n");
  assert.match(await text(socket), /^HTTP\/1\.1 400/);
  assert.equal((await fetch(`${serving.server.url}/livez`)).status, 200);
});

test("a body that never ends is cut off at the deadline for receiving it", deadline, async () => {
  await using serving = await serve();
  const { port } = new URL(serving.server.url);
  const headers = { "content-type": "application/json", "content-length": "100" };
  const call = request({ port, path: "/graphql", method: "POST", headers });
  const ended = new Promise<number | string | undefined>((settle) => {
    call.on("error", () => settle("closed"));
    call.on("response", (response: IncomingMessage) => settle(response.resume().statusCode));
  });
  call.write("{");
  assert.ok(["closed", 408].includes((await ended) ?? ""));
  call.destroy();
});

test("an operation that takes longer than its deadline is answered 504 with a code", deadline, async () => {
  let aborted = false;
  await using serving = await serve({
    limits: { ...quick, requestTimeout: 100 },
    run: ({ signal }) => {
      signal.addEventListener("abort", () => (aborted = true));
      return new Promise(() => undefined);
    },
  });
  const answer = await post(serving.graphql, { query: "{ hello }" });
  assert.equal(answer.status, 504);
  assert.equal(await codeOf(answer), "DEADLINE_EXCEEDED");
  assert.equal(aborted, true);
});
