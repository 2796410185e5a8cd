import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import type { GraphQLSchema } from "graphql";
import type { Asked, Prepared } from "./operation.ts";

const maxMessageBytes = 1024 * 1024;

/**
 * Serves graphql-transport-ws at `/graphql`. What it takes is loaded for the first client that asks: an example
 * starts without it. `end` cuts off whoever is connected.
 */
export function acceptSockets(
  server: Server,
  schema: GraphQLSchema,
  prepare: (asked: Asked) => Prepared,
): { readonly end: () => void } {
  const open = new Set<Duplex>();
  let loaded: ReturnType<typeof loadSockets> | undefined;
  server.on("upgrade", (request, socket, head) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket)).on("error", () => socket.destroy());
    if (request.url?.split("?", 1)[0] !== "/graphql") return socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    loaded ??= loadSockets(schema, prepare);
    loaded.then((upgrade) => upgrade(request, socket, head)).catch(() => socket.destroy());
  });
  return { end: () => open.forEach((socket) => socket.destroy()) };
}

async function loadSockets(schema: GraphQLSchema, prepare: (asked: Asked) => Prepared) {
  const [{ WebSocketServer }, { useServer }] = await Promise.all([import("ws"), import("graphql-ws/use/ws")]);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  useServer(
    {
      onSubscribe(_context, _id, { query, operationName, variables }) {
        const prepared = prepare({ query, ...(operationName ? { operationName } : {}) });
        if ("errors" in prepared) return prepared.errors;
        const name = prepared.operation.name?.value;
        return { schema, document: prepared.document, variableValues: variables ?? null, operationName: name ?? null };
      },
    },
    sockets,
  );
  return (...upgrade: [Parameters<typeof sockets.handleUpgrade>[0], Duplex, Buffer]): void =>
    sockets.handleUpgrade(...upgrade, (socket) => sockets.emit("connection", socket, upgrade[0]));
}
