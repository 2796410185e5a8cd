import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { defaultGatewayLimits, type GatewayLimits, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { Admissions, type Held } from "./admissions.ts";
import type { AnswerPlain, GraphqlEndpoint } from "./endpoint.ts";
import { refuseBroken } from "./broken-requests.ts";
import { closeGently } from "./close-gently.ts";
import { sendPage, wantsPage } from "./graphiql.ts";
import { limits } from "./limits.ts";
import { type Listen, openListeners, type Pair } from "./listeners.ts";
import { Pressure } from "./pressure.ts";
import { isPlain, plainMediaType, readBody, readParams } from "./plain.ts";
import type { RequestErrorCode } from "./problems.ts";
import { isRebound, type Refusal, refusalOf, refuse, sendJson, upgradeRefusal } from "./refusal.ts";
import { type Admitted, openSession } from "./socket-session.ts";
import { answerSoon } from "./answer-soon.ts";
import { acceptSockets } from "./sockets.ts";
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
}

/** Binds the GraphQL listener, or both. `CAT-HTTP-001` when an address is taken; nothing is left bound then. */
export async function serveHttp(
  listen: Listen,
  backend: HttpBackend,
  first: ListenerLimits = defaultGatewayLimits,
): Promise<Result<HttpServer>> {
  const streams = new Streams();
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
        return await graphql(request, response);
      default:
        return refuse(response, { status: 404, code: "NOT_FOUND" });
    }
  }

  async function graphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = (refusal: Refusal, reasons?: readonly Problem[]): void => {
      backend.onRefused(refusal.code);
      refuse(response, refusal, reasons);
    };
    const held = backend.acquire();
    if (held === undefined) return refused({ status: 503, code: "NOT_READY", headers: later }, backend.notReady());
    const taken = admissions.take(held);
    const { endpoint, signal, openStream } = taken;
    response.once("close", () => {
      if (!response.writableEnded) taken.leave();
      taken.close();
    });
    // A body in chunks may turn out too long; its rest, unread, would be taken for the next request on this connection.
    if (request.headers["transfer-encoding"] !== undefined) response.shouldKeepAlive = false;
    try {
      const { dev, graphiql, queriesByGet } = endpoint.settings;
      if (dev && isRebound(request, listeners.hostOf(request))) return refused({ status: 403, code: "FOREIGN_HOST" });
      if (graphiql && wantsPage(request)) return await sendPage(response);
      const refusal = refusalOf(request, queriesByGet);
      if (refusal !== undefined) return refused(refusal);
      if (isLate() || !taken.begin()) return refused({ status: 503, code: "OVERLOADED", headers: later });
      const context = { signal, headers: forwarded(request, String(response.getHeader("x-request-id"))), openStream };
      if (await answeredPlainly(endpoint, request, response, context)) return;
      // Yoga does not settle when the connection is gone; what was held is given back all the same.
      await Promise.race([endpoint.handle(request, response, context), closed(response)]);
    } finally {
      taken.release();
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

  const sockets = acceptSockets(server, {
    refusal: (request) => {
      const held = stopping ? undefined : backend.acquire();
      held?.release();
      return upgradeRefusal(request, held?.endpoint.settings.dev, listeners.hostOf(request));
    },
    maxMessage: () => maxBody,
    open: (makeServer, socket, request) => {
      const onError = (error: unknown): void => backend.onError(error, requestIdOf(request));
      return openSession(makeServer, socket, { admit: (left) => admit(request, left), onError });
    },
  });

  /** One operation over a WebSocket, whose schema is the one that serves at this moment. */
  function admit(request: IncomingMessage, left: AbortSignal): Admitted | RequestErrorCode {
    const held = stopping ? undefined : backend.acquire();
    if (held === undefined) return "NOT_READY";
    const taken = admissions.take(held);
    const leave = (): void => taken.leave();
    const release = (): void => {
      left.removeEventListener("abort", leave);
      taken.release();
    };
    left.addEventListener("abort", leave);
    const { endpoint, signal, openStream } = taken;
    if (!isLate() && taken.begin())
      return { endpoint, signal, openStream, headers: forwarded(request, randomUUID()), release };
    release();
    return "OVERLOADED";
  }

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
  return ok({ url, tlsUrl, setCertificate, stop, setLimits });
}

/** Node looks only now and then for what has not arrived: it is to be late at the look before a timeout is over. */
function inTime(timeout: number): number {
  return timeout - Math.min(limits.lookMs, Math.ceil(timeout / 2));
}

const later = { "retry-after": "1" };

function closed(response: ServerResponse): Promise<unknown> {
  return response.closed ? Promise.resolve() : new Promise((settle) => response.once("close", settle));
}

/** Answers a plain request. False when it is none, with its body still to be read, or put back. */
async function answeredPlainly(
  { answerPlain, settings }: GraphqlEndpoint,
  request: IncomingMessage,
  response: ServerResponse,
  context: Parameters<AnswerPlain>[2],
): Promise<boolean> {
  const mediaType = isPlain(request, settings.limits.maxBody) ? plainMediaType(request.headers.accept) : undefined;
  if (mediaType === undefined || answerPlain === undefined) return false;
  const body = await readBody(request);
  if (body === undefined) return true;
  const params = readParams(body, settings.limits.maxNesting);
  const answer = await (params && answerPlain(params, mediaType, context));
  if (answer === undefined) return putBack(request, body);
  answerSoon(response, answer);
  return true;
}

/** Gives a body that was read to whoever reads it now. */
function putBack(request: IncomingMessage, body: Buffer): false {
  // As frameworks do that read bodies themselves, and as Yoga expects of them: a stream in its own property.
  Object.assign(request, { body: Readable.from([body]) });
  return false;
}

/** What services are told of the request: its id and its trace. Never its identity, cookies or addresses. */
function forwarded({ headers }: IncomingMessage, requestId: string): Readonly<Record<string, string>> {
  const { traceparent, tracestate } = headers;
  return {
    "x-request-id": requestId,
    ...(typeof traceparent === "string" ? { traceparent } : {}),
    ...(typeof tracestate === "string" ? { tracestate } : {}),
  };
}

/** The caller's id when it is one, so that its log and ours can be laid side by side; else a new one. */
function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
