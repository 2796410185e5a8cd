import type { IncomingMessage, ServerResponse } from "node:http";
import { isIPv6, Server as NetServer } from "node:net";
import { type ExecutionResult, type GraphQLSchema, OperationTypeNode, execute } from "graphql";
import { type Asked, type Prepared, preparer, readAsked } from "./operation.ts";
import { acceptSockets } from "./socket.ts";
import { streamEvents } from "./stream.ts";

// As an ES module, node:http would load everything that it exports, its WebSocket included: 50 ms more to start.
const { createServer } = process.getBuiltinModule("node:http");

/** A service that listens. Disposing closes it and every open connection at once. */
export type Subgraph = {
  readonly url: string;
  /** Accepts nobody more and lets what is in flight end; whoever listens to a subscription is cut off after a second. */
  readonly drain: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

const maxBodyBytes = 1024 * 1024;
/** How long idle connections are kept when it drains, as a request may be on its way; and all others, in ms. */
const lingerMs = 100;
const drainMs = 1_000;
/** Longer than those who ask keep a connection that is idle: whoever closes it may lose what is on its way. In ms. */
const keepAliveMs = 65_000;

/**
 * Serves a schema at `/graphql` by GraphQL over HTTP (POST, JSON), over SSE ("distinct connections") and over
 * WebSocket (graphql-transport-ws), and `/health`. Plain node:http, so that an example starts in 0.15 s. Rejects
 * when the address cannot be bound.
 */
export async function serveSubgraph(
  schema: GraphQLSchema,
  listen: { readonly host: string; readonly port: number },
): Promise<Subgraph> {
  const prepare = preparer(schema);
  let draining = false;
  const server = createServer((request, response) => {
    if (draining) response.shouldKeepAlive = false;
    answer(schema, prepare, request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = keepAliveMs;
  const sockets = acceptSockets(server, schema, prepare);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(listen.port, listen.host, resolve);
  await promise;
  const bound = server.address();
  const port = typeof bound === "object" ? bound?.port : undefined;
  return {
    url: `http://${isIPv6(listen.host) ? `[${listen.host}]` : listen.host}:${port ?? listen.port}/graphql`,
    drain: async () => {
      draining = true;
      const { promise: gone, resolve: settle } = Promise.withResolvers<void>();
      // The HTTP server's own close would cut connections over which a request is on its way.
      NetServer.prototype.close.call(server, () => settle());
      const timers = [
        setTimeout(() => server.closeIdleConnections(), lingerMs),
        setTimeout(() => {
          server.closeAllConnections();
          sockets.end();
        }, drainMs),
      ];
      await gone;
      timers.forEach(clearTimeout);
    },
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      sockets.end();
      await closed.promise;
    },
  };
}

async function answer(
  schema: GraphQLSchema,
  prepare: (asked: Asked) => Prepared,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split("?", 1)[0];
  if (path === "/health") return send(response, 200, { status: "ok" });
  if (path !== "/graphql") return refuse(response, 404, "Not found; GraphQL is at /graphql.");
  if (request.method !== "POST") return refuse(response.setHeader("allow", "POST"), 405, "Use POST.");
  if (!request.headers["content-type"]?.startsWith("application/json")) {
    return refuse(response, 415, "Send content-type: application/json.");
  }
  const body = await readBody(request);
  if (body === undefined) return refuse(response.setHeader("connection", "close"), 413, "The body is over 1 MiB.");
  const asked = readAsked(body);
  if (!asked) return refuse(response, 400, 'The body must be JSON with a string "query".');
  const prepared = prepare(asked);
  if ("errors" in prepared) return result(request, response, prepared);
  const { document, operation } = prepared;
  const args = {
    schema,
    document,
    variableValues: asked.variables ?? null,
    operationName: operation.name?.value ?? null,
  };
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return result(request, response, await execute(args));
  if (!request.headers.accept?.includes("text/event-stream")) {
    return refuse(response, 406, "A subscription is answered by accept: text/event-stream only.");
  }
  await streamEvents(args, response);
}

/** The whole body, or undefined when it is larger than we take. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** A request that was not executed is 400 for those who ask by the new media type, and 200 for the others. */
function result(request: IncomingMessage, response: ServerResponse, body: ExecutionResult): void {
  const modern = request.headers.accept?.includes("application/graphql-response+json") ?? false;
  const type = modern ? "application/graphql-response+json" : "application/json";
  send(response, modern && !("data" in body) ? 400 : 200, body, type);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  send(response, status, { errors: [{ message }] });
}

function send(response: ServerResponse, status: number, body: unknown, type = "application/json"): void {
  response.writeHead(status, { "content-type": `${type}; charset=utf-8` }).end(JSON.stringify(body));
}
