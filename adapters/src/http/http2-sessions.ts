import type { Server } from "node:http";
import { constants, createServer, type Http2ServerRequest, type Http2Session } from "node:http2";
import type { TLSSocket } from "node:tls";
import { Http2Answer } from "./http2-answer.ts";
import { limits } from "./limits.ts";

/** How long the other side may take to close a connection that carries nothing more, in milliseconds. */
const closeMs = 1_000;

/** Connections that speak HTTP/2. */
export interface Http2Sessions {
  accept(socket: TLSSocket): void;
  /** Asks each client to send nothing new (GOAWAY); what is on its way is still answered. */
  announceStop(): void;
  /** Takes nothing new, and closes each once what was taken is answered. */
  retire(): void;
}

/**
 * Speaks HTTP/2 with the connections it is given, and has their requests answered by the HTTP/1 server, by its
 * timeouts too. Floods (resets, headers without end, empty frames) Node and nghttp2 themselves end with the connection.
 */
export function serveHttp2(http1: Server): Http2Sessions {
  const connections = new Set<Connection>();
  let accepting: TLSSocket | undefined;
  let retired = false;

  const http2 = createServer({
    settings: { maxConcurrentStreams: limits.streamsOfConnection, maxHeaderListSize: limits.headerBytes },
    Http2ServerResponse: Http2Answer,
  });
  http2.on("session", (session) => {
    const socket = accepting;
    if (socket === undefined) return session.destroy();
    const connection = new Connection(session, socket, http1.headersTimeout);
    connections.add(connection);
    session.once("close", () => connections.delete(connection));
    session.on("stream", (stream) => {
      connection.begin();
      stream.once("close", () => connection.end());
      stream.setTimeout(limits.stalledMs, () => stream.close(constants.NGHTTP2_CANCEL));
    });
    if (retired) connection.retire();
  });
  http2.on("request", (request, answer) => {
    // By which name a client calls us: what HTTP/1 has in Host.
    request.headers.host = request.authority;
    if (isTooLong(request)) return void answer.writeHead(431).end();
    boundBody(request, http1.requestTimeout);
    answer.stream.once("finish", () => void (request.complete || answer.stream.close(constants.NGHTTP2_NO_ERROR)));
    http1.emit("request", request, answer);
  });
  // Their client's doing: the connection ends, and nobody else is concerned.
  http2.on("sessionError", () => undefined);

  return {
    accept(socket) {
      accepting = socket;
      http2.emit("connection", socket);
      accepting = undefined;
    },
    announceStop() {
      for (const connection of connections) connection.announceStop();
    },
    retire() {
      retired = true;
      for (const connection of connections) connection.retire();
    },
  };
}

/** As HTTP/2 counts it (RFC 9113, 6.5.2). Node itself bounds heads only by far more, before a client has confirmed our settings. */
function isTooLong({ rawHeaders }: Http2ServerRequest): boolean {
  const bytes = rawHeaders.reduce((sum, part) => sum + part.length + 16, 0);
  return bytes > limits.headerBytes;
}

/** What HTTP/1 calls a request's timeout: the whole of a body has so long to arrive. */
function boundBody({ stream }: Http2ServerRequest, patienceMs: number): void {
  if (stream.endAfterHeaders || patienceMs === 0) return;
  const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), patienceMs);
  const arrived = (): void => clearTimeout(late);
  stream.once("end", arrived);
  stream.once("close", arrived);
}

/** One connection, which is closed when nothing is asked over it for long. */
class Connection {
  readonly #session: Http2Session;
  readonly #socket: TLSSocket;
  #streams = 0;
  #idle: NodeJS.Timeout;

  constructor(session: Http2Session, socket: TLSSocket, firstMs: number) {
    this.#session = session;
    this.#socket = socket;
    this.#idle = setTimeout(() => this.retire(), firstMs || limits.keepAliveMs);
    session.once("close", () => clearTimeout(this.#idle));
  }

  begin(): void {
    this.#streams += 1;
    clearTimeout(this.#idle);
  }

  end(): void {
    this.#streams -= 1;
    if (this.#streams > 0) return;
    if (this.#session.closed) this.#leave();
    else this.#idle = setTimeout(() => this.retire(), limits.keepAliveMs);
  }

  /** RFC 9113, 6.8: with the greatest number, since nobody knows yet what the client has sent. */
  announceStop(): void {
    if (!this.#session.closed && !this.#session.destroyed)
      this.#session.goaway(constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1);
  }

  retire(): void {
    clearTimeout(this.#idle);
    if (!this.#session.closed) this.#session.close();
    if (this.#streams === 0) this.#leave();
  }

  #leave(): void {
    if (!this.#socket.destroyed) this.#idle = setTimeout(() => this.#socket.destroy(), closeMs);
  }
}
