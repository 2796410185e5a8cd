import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { authority, type ListenAddress, parseListenAddress } from "./address.ts";
import { bind } from "./bind.ts";
import { bySecret, type Gatekeeper, open, publicReadOnly } from "./gatekeeper.ts";
import { handleRpc, type Pages } from "./handle.ts";
import { rpcProblem } from "./problems.ts";
import { splitProtocols } from "./protocol-split.ts";
import { openSecret } from "./secret.ts";
import { readTlsFiles, type TlsFiles, type TlsMaterial } from "./tls-files.ts";

export type ServeRpcOptions = {
  /** `unix:/path`, or a host and port; port 0 takes a free one. */
  readonly listen: string | { readonly host: string; readonly port: number };
  readonly routes: (router: ConnectRouter) => void;
  /** What is served beside the calls, such as the published keys. */
  readonly pages?: Pages;
  /** Who may call over TCP: a must there, `CAT-RPC-002` without. On a unix socket its mode decides, and none is needed. */
  readonly credentials?: RpcCredentials;
  /** Largest message in bytes; default 16 MiB. */
  readonly readMaxBytes?: number;
  /** Until an HTTP/1.1 request's head, and all of it, must have arrived, in ms; default 10 s and 30 s. */
  readonly times?: { readonly headersTimeout: number; readonly requestTimeout: number };
  /** Given up while it is still starting: nothing stays bound. */
  readonly signal?: AbortSignal;
};

/** `public-read-only` is for an API that changes nothing: loopback names only, no foreign Origin. */
export type RpcCredentials = { readonly secretFile: string } | { readonly tls: TlsFiles } | "public-read-only";

/** A listener that speaks HTTP/1.1 and HTTP/2. Disposing it ends every call (streams included) and connection. */
export interface RpcServer extends AsyncDisposable {
  /** What is really bound: `unix:/path`, `http://host:port` or `https://host:port`. */
  readonly url: string;
}

/** The largest message by default, in bytes: a supergraph of a hundred services is a few megabytes. */
export const defaultReadMaxBytes = 16 * 1024 * 1024;

const closeMs = 1000;
const idleMs = 120_000;

/** Starts to serve. All that hinders it is told as problems, and then nothing is left bound. */
export async function serveRpc(options: ServeRpcOptions): Promise<Result<RpcServer>> {
  const address = typeof options.listen === "string" ? parseListenAddress(options.listen) : tcp(options.listen);
  if (!address.ok) return address;
  const access = await grantAccess(address.value, options.credentials);
  if (!access.ok) return access;

  const times = options.times ?? { headersTimeout: 10_000, requestTimeout: 30_000 };
  const stopping = new AbortController();
  const handler = handleRpc(options.routes, access.value.gatekeeper, options.pages, {
    readMaxBytes: options.readMaxBytes ?? defaultReadMaxBytes,
    shutdownSignal: stopping.signal,
  });
  const http1 = createHttp1Server({ ...times, connectionsCheckingInterval: 1000, keepAliveTimeout: idleMs }, handler);
  // It never listens itself; without this word Node starts no clock for headers and bodies that drip.
  http1.emit("listening");
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: 100 } }, handler);
  const sessions = new Set<ServerHttp2Session>();
  http2.on("session", (session) => {
    sessions.add(session.once("close", () => sessions.delete(session)));
    session.setTimeout(idleMs, () => session.destroy());
  });
  http2.on("sessionError", () => undefined);

  const split = splitProtocols({
    http1: (socket) => void http1.emit("connection", socket),
    http2: (socket) => void http2.emit("connection", socket),
  });
  const { server, sockets } = listenerOf(access.value.tls, split);
  const bound = await bind(server, address.value, access.value.tls === undefined ? "http" : "https");
  if (!bound.ok) return bound;
  server.on("error", () => undefined);

  async function close(): Promise<void> {
    const closed = new Promise((settle) => server.close(settle));
    stopping.abort(new ConnectError("the server is stopping", Code.Unavailable));
    for (const session of sessions) session.close();
    http1.close();
    const cut = setTimeout(() => sockets.forEach((socket) => void socket.destroy()), closeMs);
    await closed;
    clearTimeout(cut);
  }

  if (options.signal?.aborted === true) {
    await close();
    return fail(rpcProblem("CAT-RPC-016", bound.value, "The start was given up"));
  }
  return ok({ url: bound.value, [Symbol.asyncDispose]: close });
}

type Access = { readonly gatekeeper: Gatekeeper; readonly tls?: TlsMaterial };

async function grantAccess(address: ListenAddress, credentials: RpcCredentials | undefined): Promise<Result<Access>> {
  if (credentials === undefined) {
    if (address.kind === "unix") return ok({ gatekeeper: open });
    return fail(rpcProblem("CAT-RPC-002", authority(address), "TCP without credentials"));
  }
  if (credentials === "public-read-only") {
    return ok({ gatekeeper: address.kind === "unix" ? open : publicReadOnly(address.host) });
  }
  if ("tls" in credentials) {
    const tls = await readTlsFiles(credentials.tls);
    return tls.ok ? ok({ gatekeeper: open, tls: tls.value }) : tls;
  }
  const secret = await openSecret(credentials.secretFile);
  return secret.ok ? ok({ gatekeeper: bySecret(secret.value) }) : secret;
}

/** The bound server and its raw connections, so that none outlives it. */
function listenerOf(tls: TlsMaterial | undefined, serve: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server =
    tls === undefined
      ? createServer({ noDelay: true }, serve)
      : createTlsServer(
          {
            ...tls,
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: "TLSv1.3",
            handshakeTimeout: 10_000,
            ALPNProtocols: ["h2", "http/1.1"],
          },
          serve,
        );
  server.maxConnections = 256;
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // A refused handshake is told to the one who tried; here it is no event.
  server.on("tlsClientError", () => undefined);
  return { server, sockets };
}

function tcp({ host, port }: { readonly host: string; readonly port: number }): Result<ListenAddress> {
  return ok({ kind: "tcp", host, port });
}
