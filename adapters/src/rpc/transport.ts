import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Code, ConnectError, type Interceptor, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { formatProblem, ok, type Result } from "@catalyst-node/core/model";
import { authority, type PeerAddress, parsePeerAddress } from "./address.ts";
import { openSecret, type SharedSecret } from "./secret.ts";
import { defaultReadMaxBytes } from "./serve.ts";
import { Sessions } from "./sessions.ts";
import { readTlsFiles, type TlsFiles, type TlsMaterial } from "./tls-files.ts";

export type RpcTransportOptions = {
  /** `unix:/path`, `http://host:port` or `https://host:port`. */
  readonly address: string;
  /** Read again for each call when the file has changed. */
  readonly secretFile?: string;
  readonly tls?: TlsFiles;
  /** Deadline of a unary call that sets none of its own, in milliseconds; default 30 s. */
  readonly timeoutMs?: number;
};

/**
 * A connection to a peer that may come and go: opened by the first call, and again by the first call after it broke.
 * A peer that is silent for 4 s is given up, its streams end with an error. Dispose it to let the process end.
 */
export type RpcTransport = Transport & Disposable;

const connectMs = 3000;

/** Prepares a transport; no connection is made yet. Problems only of the address and the files. */
export async function rpcTransport(options: RpcTransportOptions): Promise<Result<RpcTransport>> {
  const address = parsePeerAddress(options.address);
  if (!address.ok) return address;
  const secret = options.secretFile === undefined ? undefined : await openSecret(options.secretFile);
  if (secret?.ok === false) return secret;
  const tls = options.tls === undefined ? undefined : await readTlsFiles(options.tls);
  if (tls?.ok === false) return tls;

  const sessions = new Sessions(baseUrl(address.value), () => dial(address.value, tls?.value));
  const transport = createGrpcTransport({
    baseUrl: baseUrl(address.value),
    sessionManager: sessions,
    interceptors: secret === undefined ? [] : [sendSecret(secret.value)],
    readMaxBytes: defaultReadMaxBytes,
    writeMaxBytes: defaultReadMaxBytes,
  });
  const timeoutMs = options.timeoutMs ?? 30_000;
  return ok({
    unary: (method, signal, timeout, header, input, context) =>
      transport.unary(method, signal, timeout ?? timeoutMs, header, input, context),
    // A stream has no end of its own; the pings notice when its peer is gone.
    stream: (...call) => transport.stream(...call),
    [Symbol.dispose]: () => sessions[Symbol.dispose](),
  });
}

function baseUrl(address: PeerAddress): string {
  if (address.kind === "unix") return "http://localhost";
  return `${address.tls ? "https" : "http"}://${authority(address)}`;
}

function dial(address: PeerAddress, tls: TlsMaterial | undefined): Socket {
  if (address.kind === "unix") return limited(connect({ path: address.path }), "connect");
  const { host, port } = address;
  if (!address.tls) return limited(connect({ host, port, noDelay: true }), "connect");
  return limited(connectTls({ ...tls, host, port, ALPNProtocols: ["h2"], minVersion: "TLSv1.3" }), "secureConnect");
}

/** A peer that does not accept in time counts as away. */
function limited(socket: Socket, ready: "connect" | "secureConnect"): Socket {
  const giveUp = (): void => {
    socket.destroy(new ConnectError(`no connection within ${connectMs} ms`, Code.Unavailable));
  };
  const deadline = setTimeout(giveUp, connectMs);
  for (const event of [ready, "close"]) socket.once(event, () => clearTimeout(deadline));
  return socket;
}

function sendSecret(secret: SharedSecret): Interceptor {
  return (next) => async (request) => {
    const read = await secret.read();
    if (!read.ok) throw new ConnectError(read.problems.map(formatProblem).join("; "), Code.Unauthenticated);
    request.header.set("authorization", `Bearer ${read.value}`);
    return await next(request);
  };
}
