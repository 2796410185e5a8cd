import { constants } from "node:crypto";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { createServer, type Server as TlsServer, type TlsOptions } from "node:tls";
import { type Http2Sessions, serveHttp2 } from "./http2-sessions.ts";
import { limits } from "./limits.ts";
import type { Pair } from "./listeners.ts";

/** A listener that speaks HTTP/2 and HTTP/1.1 over TLS, as the client chooses (ALPN). */
export interface TlsListener {
  /** To be bound, and closed. */
  readonly server: TlsServer;
  readonly setCertificate: (certificate: Pair) => void;
  /** What speaks HTTP/2; the rest is the HTTP/1 server's. */
  readonly http2: Pick<Http2Sessions, "announceStop" | "retire">;
  readonly cut: () => void;
}

/** Brings requests to an HTTP/1 server, which answers those of HTTP/2 too and needs not listen itself. */
export function createTlsListener(http1: Server, certificate: Pair): TlsListener {
  const sockets = new Set<Socket>();
  const http2 = serveHttp2(http1);
  const server = createServer({ ...contextOf(certificate), ...options }, (socket) => {
    // A connection that breaks is its client's loss; whoever reads from it hears of it besides.
    socket.on("error", () => socket.destroy());
    if (socket.alpnProtocol === "h2") http2.accept(socket);
    else http1.emit("connection", socket);
  });
  server.maxConnections = limits.connections;
  Object.assign(server, { dropMaxConnection: true });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // A handshake that fails is told to the one who tried.
  server.on("tlsClientError", () => undefined);
  return {
    server,
    setCertificate: (next) => server.setSecureContext(contextOf(next)),
    http2,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

const options = { ALPNProtocols: ["h2", "http/1.1"], handshakeTimeout: limits.handshakeMs, noDelay: true } as const;

/** Authenticated ciphers with forward secrecy alone, the client's choice among them: it knows what its processor is good at. */
function contextOf({ cert, key }: Pair): TlsOptions {
  return {
    cert,
    key,
    minVersion: "TLSv1.2",
    ciphers,
    honorCipherOrder: false,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  };
}

/** Those of TLS 1.3, then those of TLS 1.2 that Mozilla recommends ("intermediate"), but for DHE. */
const ciphers = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");
