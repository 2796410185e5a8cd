import { keepDigits, mayHoldLong, parseJson, type ServiceFailureCode } from "@catalyst-node/core/execution";
import type { SubscribePayload } from "graphql-ws/client";
import type { EventQueue } from "./event-queue.ts";
import { allowed } from "./headers.ts";
import { hasNotConnected } from "./send-try.ts";
import type { Opened, SourceLimits, SourceRequest } from "./source.ts";

/** How long a service may take to close its end, in ms. */
const closeMs = 1_000;

/**
 * Subscribes by graphql-transport-ws, over a connection of its own: so one that stalls stalls
 * nobody else. Settles when the stream has ended and the queue knows how.
 */
export async function openWs(
  url: string,
  { body, headers, token, signal }: SourceRequest,
  queue: EventQueue,
  limits: SourceLimits,
): Promise<Opened> {
  // Loaded when first asked for: few graphs need them.
  const [{ createClient }, { WebSocket }] = await Promise.all([import("graphql-ws/client"), import("ws")]);
  const { promise, resolve } = Promise.withResolvers<Opened>();
  const options = { headers: allowed(headers, token), maxPayload: limits.eventBytes, perMessageDeflate: false };
  const sockets = new Set<InstanceType<typeof WebSocket>>();
  let message: Buffer = Buffer.alloc(0);
  let ended = false;

  class ServiceSocket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { ...options, handshakeTimeout: limits.connectMs });
      sockets.add(this);
      this.on("message", (data: Buffer) => (message = data));
    }
  }

  const finish = (how?: ServiceFailureCode | "notConnected"): void => {
    if (ended) return;
    ended = true;
    clearTimeout(connecting);
    clearTimeout(pong);
    signal.removeEventListener("abort", leave);
    if (how !== "notConnected") queue.end(how);
    // Else the client would connect anew when the service closes in peace.
    client.dispose()?.catch(() => undefined);
    setTimeout(() => sockets.forEach((socket) => socket.terminate()), how === undefined ? closeMs : 0).unref();
    resolve(how === "notConnected" ? how : "ended");
  };
  const connecting = setTimeout(() => finish("SERVICE_TIMEOUT"), limits.connectMs);
  let pong: NodeJS.Timeout | undefined;

  const client = createClient({
    url,
    webSocketImpl: ServiceSocket,
    retryAttempts: 0,
    keepAlive: limits.pingMs,
    on: {
      connected: () => clearTimeout(connecting),
      ping: (received) => {
        if (!received) pong = setTimeout(() => finish("SERVICE_TIMEOUT"), limits.pingMs);
      },
      pong: (received) => {
        if (received) clearTimeout(pong);
      },
      error: (reason) => (hasNotConnected(causeOf(reason)) ? finish("notConnected") : finish(codeOf(reason))),
      closed: (reason) => finish(codeOf(reason)),
    },
  });
  const unsubscribe = client.subscribe(requestOf(body), {
    next: (payload) => queue.push({ kind: "answered", payload: exact(payload, message) }, message.length),
    error: (reason) => {
      // An operation that the service refuses: its errors are its whole answer.
      if (Array.isArray(reason)) queue.push({ kind: "answered", payload: { errors: reason } }, message.length);
      finish(Array.isArray(reason) ? undefined : codeOf(reason));
    },
    complete: () => finish(),
  });
  const leave = (): void => {
    unsubscribe();
    finish();
  };
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave);
  return await promise;
}

function requestOf(body: string): SubscribePayload {
  // With its digits: it is written again.
  const request: SubscribePayload = JSON.parse(body, keepDigits);
  return request;
}

/** The payload of a message, as it was parsed or, where that lost digits, anew. */
function exact(payload: unknown, message: Buffer): unknown {
  const text = message.toString("utf8");
  const parsed = mayHoldLong(text) ? parseJson(text) : undefined;
  return typeof parsed === "object" && parsed !== null && "payload" in parsed ? parsed.payload : payload;
}

/** What `ws` tells of a connection that failed is an event around the error. */
function causeOf(reason: unknown): unknown {
  return typeof reason === "object" && reason !== null && "error" in reason ? reason.error : reason;
}

/** Closed because of what was said, by either side (RFC 6455, 7.4.1; graphql-transport-ws). */
const badResponseCodes: ReadonlySet<unknown> = new Set([1002, 1003, 1007, 1008, 1009, 4004, 4400, 4406]);

function codeOf(reason: unknown): ServiceFailureCode {
  // What the client itself throws is about what it read.
  if (reason instanceof Error) return "SERVICE_BAD_RESPONSE";
  const cause = causeOf(reason);
  if (typeof cause !== "object" || cause === null) return "SERVICE_UNAVAILABLE";
  if ("code" in cause && cause.code === 4504) return "SERVICE_TIMEOUT";
  if ("code" in cause && (badResponseCodes.has(cause.code) || String(cause.code).startsWith("WS_ERR")))
    return "SERVICE_BAD_RESPONSE";
  const message = cause instanceof Error ? cause.message : "";
  if (/handshake has timed out/.test(message)) return "SERVICE_TIMEOUT";
  return /Unexpected server response: (?!50[234])/.test(message) || /subprotocol/i.test(message)
    ? "SERVICE_BAD_RESPONSE"
    : "SERVICE_UNAVAILABLE";
}
