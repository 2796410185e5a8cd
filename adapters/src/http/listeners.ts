import type { IncomingMessage, Server } from "node:http";
import type { Server as NetServer } from "node:net";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { httpProblem } from "./problems.ts";
import type { TlsListener } from "./tls-listener.ts";

type Address = { readonly host: string; readonly port: number };

/** A certificate and its key, both as PEM, that were found to belong together. */
export type Pair = { readonly cert: string; readonly key: string };

/** Where clients are answered; port 0 takes a free one. */
export type Listen = Address & {
  /** By HTTPS alone; or also, when it names an address of its own. */
  readonly tls?: { readonly certificate: Pair; readonly listen?: Address };
};

/** All that is bound for one server. */
export interface Listeners {
  /** Port 0 resolved: of the address, by `http` or `https`. */
  readonly url: string;
  /** Of the address that TLS has to itself. */
  readonly tlsUrl: string | undefined;
  /** The host that is listened on where this request came in. */
  readonly hostOf: (request: IncomingMessage) => string;
  /** What whoever connects from now on is shown. Who is connected stays. */
  readonly setCertificate: (certificate: Pair) => void;
  /** What listens, to be closed. */
  readonly bound: readonly NetServer[];
  /** Asks whoever can be asked to send nothing new. */
  readonly announceStop: () => void;
  /** Closes what is not the HTTP/1 server's: now where nothing is in flight, else after it. */
  readonly retire: () => void;
  /** Cuts off all who are connected. */
  readonly cut: () => void;
}

/** Has an HTTP/1 server answer at all addresses. `CAT-HTTP-001` when one is taken; nothing is left bound then. */
export async function openListeners(
  http1: Server,
  { host, port, tls: settings }: Listen,
  onError: (error: unknown) => void,
): Promise<Result<Listeners>> {
  // Loaded by those alone who want it.
  const tls = settings && (await import("./tls-listener.ts")).createTlsListener(http1, settings.certificate);
  const isShared = tls !== undefined && settings?.listen === undefined;
  const own = isShared ? undefined : settings?.listen;

  const bound = [...(isShared ? [] : [http1]), ...(tls === undefined ? [] : [tls.server])];
  const urls = await bindAll(http1, tls, { host, port }, own);
  if (!urls.ok) {
    for (const server of bound) server.close();
    return urls;
  }
  // A connection that could not be accepted is its client's loss, not the process's end.
  for (const server of bound) server.on("error", onError);
  const [url = "", tlsUrl] = urls.value;
  return ok({
    url,
    tlsUrl,
    hostOf: ({ socket }) => (own !== undefined && "encrypted" in socket && socket.encrypted === true ? own.host : host),
    setCertificate: (certificate) => tls?.setCertificate(certificate),
    bound,
    announceStop: () => tls?.http2.announceStop(),
    retire: () => tls?.http2.retire(),
    cut() {
      http1.closeAllConnections();
      tls?.cut();
    },
  });
}

async function bindAll(
  http1: Server,
  tls: TlsListener | undefined,
  address: Address,
  own: Address | undefined,
): Promise<Result<readonly string[]>> {
  if (tls === undefined) return all(await bind(http1, "http", address));
  // By this word Node starts the clocks of heads and bodies, also of a server whose connections are brought to it.
  if (own === undefined) {
    http1.emit("listening");
    return all(await bind(tls.server, "https", address));
  }
  return all(await bind(http1, "http", address), await bind(tls.server, "https", own));
}

function all(...bound: readonly Result<string>[]): Result<readonly string[]> {
  const problems = bound.flatMap((one) => (one.ok ? [] : one.problems));
  return problems.length > 0 ? fail(...problems) : ok(bound.flatMap((one) => (one.ok ? [one.value] : [])));
}

async function bind(server: NetServer, scheme: string, { host, port }: Address): Promise<Result<string>> {
  const failure = await new Promise<Error | undefined>((settle) => {
    server.once("error", settle);
    server.listen({ host, port }, () => {
      server.off("error", settle);
      settle(undefined);
    });
  });
  if (failure !== undefined) return fail(httpProblem("CAT-HTTP-001", authority(host, port), failure.message));
  const bound = server.address();
  return ok(`${scheme}://${authority(host, typeof bound === "object" && bound !== null ? bound.port : port)}`);
}

function authority(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
