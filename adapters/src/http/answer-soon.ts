import type { ServerResponse } from "node:http";
import type { PlainAnswer } from "./endpoint.ts";

let waiting: { readonly response: ServerResponse; readonly answer: PlainAnswer }[] = [];

/**
 * Sends an answer at the end of the next turn of the loop, which comes at once. To write to a process that sleeps takes
 * several times as long as to one that is awake: where one has several connections here, the first answer wakes it for
 * all.
 */
export function answerSoon(response: ServerResponse, answer: PlainAnswer): void {
  if (waiting.length === 0) setImmediate(() => setImmediate(sendAll));
  waiting.push({ response, answer });
}

function sendAll(): void {
  const all = waiting;
  waiting = [];
  for (const { response, answer } of all)
    if (!response.destroyed) response.writeHead(answer.status, answer.headers).end(answer.body);
}
