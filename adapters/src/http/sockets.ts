import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { type Asker, isRefusal } from "./authenticate.ts";
import { limits } from "./limits.ts";
import { type Refusal, refuseUpgrade } from "./refusal.ts";
import type { MakeServer, SocketSession } from "./socket-session.ts";

/**
 * `service restart` (IANA's WebSocket close codes): clients of graphql-transport-ws connect again, and ask again for
 * what they had subscribed to.
 */
const stoppingCode = 1012;
/** How long a client may take to close its end, in milliseconds. */
const closeMs = 1_000;

export type SocketsBackend = {
  /** Why an upgrade is refused; undefined lets it in. */
  readonly refusal: (request: IncomingMessage) => Refusal | undefined;
  /** Who opens a connection, as its upgrade says it; or why it is refused. */
  readonly authenticate: (request: IncomingMessage) => Asker | Refusal | Promise<Asker | Refusal>;
  readonly onRefused: (code: string) => void;
  /** The longest message that a connection of this moment may send, in bytes. */
  readonly maxMessage: () => number;
  /** What is told and asked over one connection. */
  readonly open: (makeServer: MakeServer, socket: WebSocket, request: IncomingMessage, who: Asker) => SocketSession;
};

export interface Sockets {
  /** Closes each connection once its queries and mutations have been answered; subscriptions end at once. */
  stop(): void;
  /** Cuts off whoever is still connected. */
  cut(): void;
}

/** Serves graphql-transport-ws at the listener's GraphQL path. What it takes is loaded for the first client that asks. */
export function acceptSockets(server: Server, backend: SocketsBackend): Sockets {
  const { refusal, authenticate, onRefused, maxMessage, open } = backend;
  const sessions = new Map<WebSocket, SocketSession>();
  const pending = new Set<Duplex>();
  let loaded: ReturnType<typeof load> | undefined;
  let stopping = false;

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const who = await authenticate(request);
    if (isRefusal(who)) {
      onRefused(who.code);
      return refuseUpgrade(socket, who);
    }
    loaded ??= load();
    const { webSocketsOf, makeServer } = await loaded;
    pending.delete(socket);
    webSocketsOf(maxMessage()).handleUpgrade(request, socket, head, (client) => {
      // Else a frame that breaks the protocol would end the process; `ws` itself closes the connection.
      client.on("error", () => undefined);
      keepAlive(client);
      const session = open(makeServer, client, request, who);
      sessions.set(client, session);
      client.once("close", () => sessions.delete(client));
      if (stopping) end(client, session);
    });
  }

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    const refused = refusal(request);
    if (refused !== undefined) return refuseUpgrade(socket, refused);
    pending.add(socket);
    socket.once("close", () => pending.delete(socket));
    upgrade(request, socket, head).catch(() => socket.destroy());
  });

  return {
    stop() {
      stopping = true;
      for (const [client, session] of sessions) end(client, session);
    },
    cut() {
      for (const client of sessions.keys()) client.terminate();
      for (const socket of pending) socket.destroy();
    },
  };
}

/** Pings, and cuts off a client that has not answered the last one: it is gone, or reads nothing. */
function keepAlive(client: WebSocket): void {
  let answered = true;
  client.on("pong", () => (answered = true));
  const pinging = setInterval(() => {
    if (!answered) return client.terminate();
    answered = false;
    client.ping();
  }, limits.heartbeatMs);
  client.once("close", () => clearInterval(pinging));
}

async function load() {
  const [{ WebSocketServer }, { handleProtocols, makeServer }] = await Promise.all([
    import("ws"),
    import("graphql-ws"),
  ]);
  const webSocketsOf = (maxPayload: number) =>
    new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload,
      perMessageDeflate: false,
      handleProtocols,
    });
  return { webSocketsOf, makeServer };
}

function end(client: WebSocket, session: SocketSession): void {
  session.whenAnswered(() => {
    client.close(stoppingCode, "Service restart");
    setTimeout(() => client.terminate(), closeMs).unref();
  });
}
