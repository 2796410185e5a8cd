import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { defaultGatewayLimits, type GatewayLimits, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { Admissions, type Held } from "./admissions.ts";
import { authenticate, authenticateSocket, hasAuthorization, type Vetting } from "./authenticate.ts";
import { refuseBroken } from "./broken-requests.ts";
import { closeGently } from "./close-gently.ts";
import { type GraphqlPath, openGraphqlPath } from "./graphql-path.ts";
import { limits } from "./limits.ts";
import { type Listen, openListeners, type Pair } from "./listeners.ts";
import { Pressure } from "./pressure.ts";
import { refuse, sendJson, upgradeRefusal } from "./refusal.ts";
import { openSession } from "./socket-session.ts";
import { acceptSockets } from "./sockets.ts";
import { Standings } from "./standings.ts";
import { Streams } from "./streams.ts";

/** What the listener asks of the process behind it. */
export type HttpBackend = {
  /** The endpoint that serves now, held until it is released; undefined while there is none. */
  readonly acquire: () => Held | undefined;
  /** Why the process is not ready; empty when it is. */
  readonly notReady: () => readonly Problem[];
  readonly onError: (error: unknown, requestId: string) => void;
  /** Hears the code of each request that is turned away before it is an operation. */
  readonly onRefused: (code: string) => void;
  readonly vetting: Vetting;
};

/** What the listener itself keeps to; an endpoint has its own. */
export type ListenerLimits = Pick<GatewayLimits, "headersTimeout" | "receiveTimeout" | "maxBody" | "maxLoopDelay">;

export interface HttpServer {
  /** `http://host:port`, or `https`; port 0 resolved. */
  readonly url: string;
  /** Of HTTPS, where it has an address of its own. */
  readonly tlsUrl: string | undefined;
  /** Whoever connects from now on is shown this one. */
  setCertificate(certificate: Pair): void;
  /**
   * Accepts nobody more, lets what is in flight end, and cuts it off after `drainMs`. Called again it cuts at once.
   * Connections are closed by their next answer, or idle after `lingerMs`. Answers how many requests were cut.
   */
  stop(drainMs: number, lingerMs?: number): Promise<number>;
  /** Holds from now on, for connections that are open, too. */
  setLimits(limits: ListenerLimits): void;
  /** Ends now what goes on for whom the backend lets ask no more; it looks by itself only now and then. */
  lookAgain(): void;
}

/** Binds the GraphQL listener, or both. `CAT-HTTP-001` when an address is taken; nothing is left bound then. */
export async function serveHttp(
  listen: Listen,
  backend: HttpBackend,
  first: ListenerLimits = defaultGatewayLimits,
): Promise<Result<HttpServer>> {
  const standings = new Standings(backend.vetting);
  const streams = new Streams(standings);
  const admissions = new Admissions(streams);
  const pressure = new Pressure();
  let { maxBody, maxLoopDelay } = first;
  let stopping = false;
  let lingering = false;

  const server = createServer(
    {
      headersTimeout: inTime(first.headersTimeout),
      requestTimeout: inTime(first.receiveTimeout),
      connectionsCheckingInterval: first.receiveTimeout - inTime(first.receiveTimeout),
      maxHeaderSize: limits.headerBytes,
      keepAliveTimeout: limits.keepAliveMs,
      noDelay: true,
    },
    (request, response) => {
      const requestId = requestIdOf(request);
      response.setHeader("x-request-id", requestId);
      if (stopping) response.shouldKeepAlive = false;
      response.once("close", endIdle);
      route(request, response).catch((error: unknown) => {
        backend.onError(error, requestId);
        if (response.headersSent) response.destroy();
        else refuse(response, { status: 500, code: "INTERNAL_SERVER_ERROR" });
      });
    },
  );
  server.maxConnections = limits.connections;
  // Where processes share a listener Node would else hand what is too many from one to the other without end.
  Object.assign(server, { dropMaxConnection: true });
  server.setTimeout(limits.stalledMs);
  refuseBroken(server, backend.onRefused);

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.url?.split("?", 1)[0] ?? "") {
      case "/livez":
        return sendJson(response, 200, { live: true });
      case "/readyz": {
        const reasons = backend.notReady();
        return sendJson(response, reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
      }
      case "/graphql":
        return await path.answer(request, response);
      default:
        return refuse(response, { status: 404, code: "NOT_FOUND" });
    }
  }

  /** With few in flight the delay is the machine's, and to turn them away would help nobody. */
  function isLate(): boolean {
    return maxLoopDelay > 0 && pressure.late > maxLoopDelay && admissions.inFlight >= limits.pressureInFlight;
  }

  /** A connection whose request began before the stop is kept alive by its answer; then it is idle. */
  function endIdle(): void {
    if (stopping && !lingering) setImmediate(() => server.closeIdleConnections());
  }

  const path: GraphqlPath = openGraphqlPath({
    ...backend,
    admissions,
    isLate,
    hostOf: (request) => listeners.hostOf(request),
  });

  const sockets = acceptSockets(server, {
    refusal: (request) => {
      const held = stopping ? undefined : backend.acquire();
      held?.release();
      return upgradeRefusal(request, held?.endpoint.settings.dev, listeners.hostOf(request));
    },
    authenticate: (request) =>
      hasAuthorization(request) ? authenticate(request, backend.vetting, requestIdOf(request)) : undefined,
    onRefused: backend.onRefused,
    maxMessage: () => maxBody,
    open: (makeServer, socket, request, byHead) =>
      openSession(makeServer, socket, {
        authenticate: (params) => authenticateSocket(params, byHead, backend.vetting, requestIdOf(request)),
        watch: (who, end) => standings.watch(who, end),
        admit: (who, left) => (stopping ? "NOT_READY" : path.admit(request, who, left)),
        onRefused: backend.onRefused,
        onError: (error) => backend.onError(error, requestIdOf(request)),
      }),
  });

  let cut = 0;
  function cutOff(): void {
    cut += admissions.cutOff();
    sockets.cut();
    listeners.cut();
  }

  async function stop(drainMs: number, lingerMs: number = limits.lingerMs): Promise<number> {
    if (stopping) cutOff();
    stopping = true;
    sockets.stop();
    // They never end by themselves.
    streams.endAll("GATEWAY_STOPPING");
    const deadline = setTimeout(cutOff, drainMs);
    lingering = true;
    listeners.announceStop();
    await closeGently(server, listeners.bound, Math.min(lingerMs, drainMs), () => {
      lingering = false;
      listeners.retire();
    });
    clearTimeout(deadline);
    pressure[Symbol.dispose]();
    return cut;
  }

  function setLimits(told: ListenerLimits): void {
    server.headersTimeout = inTime(told.headersTimeout);
    server.requestTimeout = inTime(told.receiveTimeout);
    ({ maxBody, maxLoopDelay } = told);
  }

  const opened = await openListeners(server, listen, (error) => backend.onError(error, "-"));
  if (!opened.ok) {
    pressure[Symbol.dispose]();
    return opened;
  }
  const listeners = opened.value;
  const { url, tlsUrl, setCertificate } = listeners;
  return ok({ url, tlsUrl, setCertificate, stop, setLimits, lookAgain: () => standings.look() });
}

/** Node looks only now and then for what has not arrived: it is to be late at the look before a timeout is over. */
function inTime(timeout: number): number {
  return timeout - Math.min(limits.lookMs, Math.ceil(timeout / 2));
}

/** The caller's id when it is one, so that its log and ours can be laid side by side; else a new one. */
function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
