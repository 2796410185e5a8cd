import type { ServerResponse } from "node:http";
import { type ExecutionArgs, type ExecutionResult, subscribe } from "graphql";

/** A comment now and then tells both ends that the other is still there. */
const heartbeatMs = 10_000;

/** Answers a subscription as server-sent events, until the source ends or the client goes. */
export async function streamEvents(args: ExecutionArgs, response: ServerResponse): Promise<void> {
  const events = await subscribe(args);
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
  response.flushHeaders();
  if (!(Symbol.asyncIterator in events)) {
    next(response, events);
  } else {
    const heartbeat = setInterval(() => response.write(":\n\n"), heartbeatMs);
    response.once("close", () => {
      clearInterval(heartbeat);
      void events.return();
    });
    for await (const event of events) {
      // A client that reads slowly is waited for here; the broadcast drops what it then misses.
      if (!next(response, event)) await drained(response);
    }
  }
  response.end("event: complete\ndata:\n\n");
}

function next(response: ServerResponse, event: ExecutionResult): boolean {
  return response.write(`event: next\ndata: ${JSON.stringify(event)}\n\n`);
}

async function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("drain", resolve).once("close", resolve);
  if (response.destroyed) return;
  await promise;
  response.off("drain", resolve).off("close", resolve);
}
