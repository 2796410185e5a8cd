import { parseJson } from "@catalyst-node/core/execution";
import type { Dispatcher } from "undici";
import type { Target } from "./endpoints.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Pools } from "./pools.ts";
import { allowed } from "./headers.ts";
import { failureCode, type Opened, type SourceLimits, type SourceRequest } from "./source.ts";
import { readResponse } from "./send-response.ts";
import { hasNotConnected } from "./send-try.ts";
import { SseReader } from "./sse-reader.ts";

/**
 * Subscribes by GraphQL over SSE, "distinct connections" mode: one POST, whose response is the
 * events. Settles when the stream has ended and the queue knows how.
 */
export async function openSse(
  pools: Pools,
  { origin, path }: Target,
  { body, headers, token, signal }: SourceRequest,
  queue: EventQueue,
  limits: SourceLimits,
): Promise<Opened> {
  const late = new AbortController();
  const deadline = setTimeout(() => late.abort(), limits.connectMs);
  try {
    const response = await pools.request(origin, {
      method: "POST",
      path,
      headers: {
        ...allowed(headers, token),
        "content-type": "application/json",
        accept: "text/event-stream, application/graphql-response+json;q=0.9",
      },
      body,
      signal: AbortSignal.any([signal, late.signal]),
    });
    clearTimeout(deadline);
    await readEvents(response, queue, limits);
  } catch (error) {
    if (!signal.aborted && hasNotConnected(error)) return "notConnected";
    queue.end(late.signal.aborted ? "SERVICE_TIMEOUT" : failureCode(error));
  } finally {
    clearTimeout(deadline);
  }
  return "ended";
}

async function readEvents(response: Dispatcher.ResponseData, queue: EventQueue, limits: SourceLimits): Promise<void> {
  const { statusCode, headers, body } = response;
  const type = String(headers["content-type"]).split(";", 1)[0]?.trim().toLowerCase();
  if (statusCode !== 200 || type !== "text/event-stream") {
    // One that does not subscribe says why in one response.
    const answer = await readResponse(response, limits.eventBytes);
    queue.push(answer, 0);
    return queue.end();
  }
  const reader = new SseReader(limits.eventBytes);
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    for (const { event, data } of reader.read(decoder.decode(chunk, { stream: true }))) {
      if (event === "complete") return queue.end();
      if (event !== "next") continue;
      queue.push({ kind: "answered", payload: parse(data) }, data.length);
    }
    if (reader.isTooLong) return queue.end("SERVICE_BAD_RESPONSE");
  }
  // A stream that ends without saying so was broken off.
  queue.end("SERVICE_UNAVAILABLE");
}

/** What is no JSON is no answer either: it spoils its own event. */
function parse(data: string): unknown {
  try {
    return parseJson(data);
  } catch {
    return undefined;
  }
}
