import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import type { ServiceAnswer, ServiceRequest } from "@catalyst-node/core/execution";
import { createServicePort, type HttpServicePort, type ServicePortOptions } from "./send.ts";

const never = new AbortController().signal;
const request: ServiceRequest = { service: "s", kind: "query", body: `{"query":"{a}"}`, headers: {} };
const json = { "content-type": "application/json" };

type Served = { readonly server: Server; readonly url: string };

async function serve(t: TestContext, listener: RequestListener): Promise<Served> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return { server, url: `http://127.0.0.1:${address.port}/graphql` };
}

function port(t: TestContext, urls: readonly string[], options: ServicePortOptions = {}): HttpServicePort {
  const own = createServicePort(options);
  own.setEndpoints(new Map([["s", urls.map((url) => ({ url }))]]));
  t.after(() => own[Symbol.asyncDispose]());
  return own;
}

/** The URL of a port on which nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${address.port}/`;
}

/** What is no JSON has no payload: the executor tells SERVICE_BAD_RESPONSE of it. */
const outcome = (answer: ServiceAnswer) =>
  answer.kind === "failed" ? answer.code : (JSON.stringify(answer.payload) ?? "SERVICE_BAD_RESPONSE");

test("posts the body as it is and answers the parsed JSON", async (t) => {
  const seen: { request: IncomingMessage; body: string }[] = [];
  const { url } = await serve(t, (incoming, response) => {
    let body = "";
    incoming.on("data", (chunk) => (body += String(chunk)));
    incoming.on("end", () => {
      seen.push({ request: incoming, body });
      response.writeHead(200, json).end(`{"data":{"a":1}}`);
    });
  });
  const headers = {
    traceparent: "00-1",
    "x-request-id": "r",
    authorization: "Bearer x",
    cookie: "c=1",
    "x-forwarded-for": "1.2.3.4",
  };
  assert.equal(outcome(await port(t, [`${url}?v=1`]).send({ ...request, headers }, never)), `{"data":{"a":1}}`);
  await port(t, [url]).send({ ...request, headers, token: "own.token" }, never);
  const [call, known] = seen;
  assert.ok(call);
  assert.equal(known?.request.headers.authorization, "Bearer own.token");
  assert.equal(call.body, request.body);
  assert.equal(call.request.url, "/graphql?v=1");
  assert.equal(call.request.method, "POST");
  const { host: _, connection: __, ...sent } = call.request.headers;
  assert.deepEqual(sent, {
    traceparent: "00-1",
    "x-request-id": "r",
    "content-type": "application/json",
    accept: "application/graphql-response+json, application/json;q=0.9",
    "content-length": String(request.body.length),
  });
});

test("keeps its connections", async (t) => {
  let connections = 0;
  const { server, url } = await serve(t, (_, response) => response.writeHead(200, json).end("{}"));
  server.on("connection", () => (connections += 1));
  const own = port(t, [url]);
  for (let count = 0; count < 20; count += 1) await own.send(request, never);
  // The pool may open a second one while the first hands over its last answer.
  assert.ok(connections <= 2, `${connections} connections`);
});

const answers: readonly (readonly [string, RequestListener, string])[] = [
  [
    "HTML",
    (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>hi</h1>"),
    "SERVICE_BAD_RESPONSE",
  ],
  ["no content type", (_, response) => response.writeHead(200).end("{}"), "SERVICE_BAD_RESPONSE"],
  ["broken JSON", (_, response) => response.writeHead(200, json).end(`{"data":`), "SERVICE_BAD_RESPONSE"],
  ["nothing", (_, response) => response.writeHead(200, json).end(), "SERVICE_BAD_RESPONSE"],
  [
    "a redirect",
    (_, response) => response.writeHead(302, { ...json, location: "http://169.254.169.254/" }).end("{}"),
    "SERVICE_BAD_RESPONSE",
  ],
  [
    "more than it may, with its length",
    (_, response) => response.writeHead(200, json).end(`"${"x".repeat(2_000)}"`),
    "SERVICE_BAD_RESPONSE",
  ],
  ["more than it may, in chunks", (_, response) => endlessly(response.writeHead(200, json)), "SERVICE_BAD_RESPONSE"],
  [
    "gzip that it was not asked for",
    (_, response) => response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(gzipSync("{}")),
    "SERVICE_BAD_RESPONSE",
  ],
  [
    "a stack trace with 500",
    (_, response) => response.writeHead(500, { "content-type": "text/plain" }).end("Error\n at x"),
    "SERVICE_BAD_RESPONSE",
  ],
  [
    "JSON that is no GraphQL with 500",
    (_, response) => response.writeHead(500, json).end(`{"error":"x"}`),
    "SERVICE_BAD_RESPONSE",
  ],
  [
    "GraphQL errors with 400 as JSON",
    (_, response) => response.writeHead(400, json).end(`{"errors":[]}`),
    `{"errors":[]}`,
  ],
  [
    "a GraphQL response with 500",
    (_, response) =>
      response
        .writeHead(500, { "content-type": "application/graphql-response+json; charset=utf-8" })
        .end(`{"data":null}`),
    `{"data":null}`,
  ],
  ["503", (_, response) => response.writeHead(503).end(), "SERVICE_UNAVAILABLE"],
  [
    "half an answer",
    (_, response) => response.writeHead(200, { ...json, "content-length": "10" }).write("{", () => response.destroy()),
    "SERVICE_UNAVAILABLE",
  ],
  ["no answer", () => undefined, "SERVICE_TIMEOUT"],
  ["a byte now and then", (_, response) => drip(response.writeHead(200, json)), "SERVICE_TIMEOUT"],
];

for (const [what, listener, expected] of answers) {
  test(`a service that answers ${what}: ${expected}`, async (t) => {
    const { url } = await serve(t, listener);
    // Short only where the time is what is tested: a busy machine may be slow to read the others' answers.
    const tryTimeout = expected === "SERVICE_TIMEOUT" ? 200 : 10_000;
    const own = port(t, [url], { tryTimeout, maxResponse: 1_000 });
    const started = performance.now();
    assert.equal(outcome(await own.send(request, never)), expected);
    assert.ok(performance.now() - started < 2_500, "within its time");
  });
}

test("a service without an endpoint, or with one that is no URL, is unavailable", async (t) => {
  assert.equal(outcome(await port(t, []).send(request, never)), "SERVICE_UNAVAILABLE");
  assert.equal(outcome(await port(t, ["ftp://x/", "nonsense"]).send(request, never)), "SERVICE_UNAVAILABLE");
  assert.equal(
    outcome(await port(t, ["http://x/"]).send({ ...request, service: "other" }, never)),
    "SERVICE_UNAVAILABLE",
  );
});

test("an endpoint that cannot be connected to hands over to the next, for a mutation too; one that answers does not", async (t) => {
  const good = await serve(t, (_, response) => response.writeHead(200, json).end("{}"));
  const bad = await serve(t, (_, response) => response.writeHead(503).end());
  const dead = await deadUrl();
  const mutation: ServiceRequest = { ...request, kind: "mutation" };
  assert.equal(outcome(await port(t, [dead, good.url]).send(mutation, never)), "{}");
  assert.equal(outcome(await port(t, [bad.url, good.url]).send(mutation, never)), "SERVICE_UNAVAILABLE");
  const options = { connectTimeout: 100 };
  assert.equal(outcome(await port(t, [dead, dead], options).send(request, never)), "SERVICE_UNAVAILABLE");
});

test("a new table serves the next request, and what is in flight ends at the old endpoint", async (t) => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<() => void>();
  const old = await serve(t, (_, response) => arrive(() => response.writeHead(200, json).end(`"old"`)));
  const young = await serve(t, (_, response) => response.writeHead(200, json).end(`"young"`));
  const own = port(t, [old.url]);
  const first = own.send(request, never);
  const finish = await arrived;
  own.setEndpoints(new Map([["s", [{ url: young.url }]]]));
  assert.equal(outcome(await own.send(request, never)), `"young"`);
  finish();
  assert.equal(outcome(await first), `"old"`);
});

test("when the client leaves, the service's request is aborted", async (t) => {
  const abort = new AbortController();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  const { url } = await serve(t, (incoming) => {
    incoming.on("close", close);
    abort.abort();
  });
  const own = port(t, [url]);
  assert.equal(outcome(await own.send(request, abort.signal)), "REQUEST_ABORTED");
  await closed;
  assert.equal(outcome(await own.send(request, abort.signal)), "REQUEST_ABORTED");
});

test("more requests to one service than may be in flight are refused at once", async (t) => {
  const { url } = await serve(t, () => undefined);
  const own = port(t, [url], { maxConcurrent: 1, tryTimeout: 100 });
  const first = own.send(request, never);
  assert.equal(outcome(await own.send(request, never)), "SERVICE_UNAVAILABLE");
  assert.equal(outcome(await first), "SERVICE_TIMEOUT");
});

test("what was in flight when the table changed makes room when it ends", async (t) => {
  const { url } = await serve(t, () => undefined);
  const own = port(t, [url], { maxConcurrent: 1, tryTimeout: 100 });
  const first = own.send(request, never);
  own.setEndpoints(new Map([["s", [{ url }]]]));
  assert.equal(outcome(await own.send(request, never)), "SERVICE_UNAVAILABLE");
  assert.equal(outcome(await first), "SERVICE_TIMEOUT");
  assert.equal(outcome(await own.send(request, never)), "SERVICE_TIMEOUT");
});

function endlessly(response: Parameters<RequestListener>[1]): void {
  const more = (): void => {
    while (!response.destroyed && response.write("x".repeat(500)));
  };
  response.on("drain", more);
  more();
}

function drip(response: Parameters<RequestListener>[1]): void {
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
}
