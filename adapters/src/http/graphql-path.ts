import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { Problem } from "@catalyst-node/core/model";
import type { Admissions, Held } from "./admissions.ts";
import { answerSoon } from "./answer-soon.ts";
import { type Asker, authenticate, isRefusal, type Vetting } from "./authenticate.ts";
import type { AnswerPlain, GraphqlEndpoint } from "./endpoint.ts";
import { sendPage, wantsPage } from "./graphiql.ts";
import { isPlain, plainMediaType, readBody, readParams } from "./plain.ts";
import type { RequestErrorCode } from "./problems.ts";
import { isRebound, type Refusal, refusalOf, refuse } from "./refusal.ts";
import type { Admitted } from "./socket-session.ts";

type Parts = {
  readonly acquire: () => Held | undefined;
  readonly notReady: () => readonly Problem[];
  readonly onRefused: (code: string) => void;
  readonly vetting: Vetting;
  readonly admissions: Admissions;
  /** More would only wait. */
  readonly isLate: () => boolean;
  readonly hostOf: (request: IncomingMessage) => string;
};

/** What is asked at the GraphQL path of one listener. */
export interface GraphqlPath {
  /** Settles when the answer is written, or on its way. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** One operation over a WebSocket, whose schema is the one that serves at this moment. `left`: its client has. */
  admit(request: IncomingMessage, who: Asker, left: AbortSignal): Admitted | RequestErrorCode;
}

export function openGraphqlPath(parts: Parts): GraphqlPath {
  const { acquire, notReady, onRefused, vetting, admissions, isLate, hostOf } = parts;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = (refusal: Refusal, reasons?: readonly Problem[]): void => {
      onRefused(refusal.code);
      refuse(response, refusal, reasons);
    };
    // A body in chunks may turn out too long; its rest, unread, would be taken for the next request on this connection.
    if (request.headers["transfer-encoding"] !== undefined) response.shouldKeepAlive = false;
    const held = acquire();
    if (held === undefined) return refused({ status: 503, code: "NOT_READY", headers: later }, notReady());
    let release = held.release;
    try {
      const { dev, graphiql, queriesByGet } = held.endpoint.settings;
      if (dev && isRebound(request, hostOf(request))) return refused({ status: 403, code: "FOREIGN_HOST" });
      // The page is anybody's; what it asks is not.
      if (graphiql && wantsPage(request)) return await sendPage(response);
      if (isLate()) return refused(overloaded);
      const requestId = String(response.getHeader("x-request-id"));
      // Before the body is read, and without a turn of the loop where it is known.
      const vetted = authenticate(request, vetting, requestId);
      const who = vetted instanceof Promise ? await vetted : vetted;
      if (response.closed) return;
      if (isRefusal(who)) return refused(who);
      const refusal = refusalOf(request, queriesByGet);
      if (refusal !== undefined) return refused(refusal);
      const taken = admissions.take(held, who);
      release = () => taken.release();
      response.once("close", () => {
        if (!response.writableEnded) taken.leave();
        taken.close();
      });
      if (!taken.begin()) return refused(overloaded);
      const { endpoint, signal, openStream } = taken;
      const context = { who, signal, headers: forwarded(request, requestId), openStream };
      if (await answeredPlainly(endpoint, request, response, context)) return;
      // Yoga does not settle when the connection is gone; what was held is given back all the same.
      await Promise.race([endpoint.handle(request, response, context), closed(response)]);
    } finally {
      release();
    }
  }

  function admit(request: IncomingMessage, who: Asker, left: AbortSignal): Admitted | RequestErrorCode {
    const held = acquire();
    if (held === undefined) return "NOT_READY";
    const taken = admissions.take(held, who);
    const leave = (): void => taken.leave();
    const release = (): void => {
      left.removeEventListener("abort", leave);
      taken.release();
    };
    left.addEventListener("abort", leave);
    const { endpoint, signal, openStream } = taken;
    if (!isLate() && taken.begin())
      return { endpoint, who, signal, openStream, headers: forwarded(request, randomUUID()), release };
    release();
    return "OVERLOADED";
  }

  return { answer, admit };
}

const later = { "retry-after": "1" };
const overloaded: Refusal = { status: 503, code: "OVERLOADED", headers: later };

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
