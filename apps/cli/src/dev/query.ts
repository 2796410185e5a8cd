import { setTimeout as pause } from "node:timers/promises";
import { askGateway } from "../ask-gateway.ts";
import { shellQuote } from "../shell.ts";
import type { ExampleName } from "./examples.ts";

const everyMs = 20;
const requestMs = 5_000;

/** The query that shows what a node is for: one question, answered by all examples that run. */
export function exampleQuery(running: ReadonlySet<ExampleName>): string {
  const reviews = running.has("reviews") ? " averageRating reviews { rating body }" : "";
  const fields = [
    ...(running.has("products") ? [`product(id: 1) { name price${reviews} }`] : []),
    ...(running.has("inventory") ? ["stock(productId: 1) { quantity inStock }"] : []),
  ];
  return `{ ${fields.length > 0 ? fields.join(" ") : "__typename"} }`;
}

/** How a line asks: whom curl is to trust for once, and by which token, which holds nothing that a shell would read. */
export type CurlOptions = { readonly caFile?: string | undefined; readonly token?: string | undefined };

/** A line for the reader's shell; the query holds no single quote. */
export function curlLine(url: string, query: string, { caFile, token }: CurlOptions = {}): string {
  const trust = caFile === undefined ? "" : `--cacert ${shellQuote(caFile)} `;
  const bearer = token === undefined ? "" : `-H 'authorization: Bearer ${token}' `;
  return `curl -s ${trust}${url} ${bearer}-H 'content-type: application/json' -d '${JSON.stringify({ query })}'`;
}

/** Asks, by the token if there is one, until there is an answer without errors; undefined when `signal` aborts before. */
export async function firstAnswer(
  url: string,
  query: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  while (!signal.aborted) {
    const body = await ask(url, query, token, signal);
    if (body !== undefined) return body;
    await pause(everyMs, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

async function ask(url: string, query: string, token: string | undefined, signal: AbortSignal): Promise<unknown> {
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(requestMs)]);
    const { text } = await askGateway(url, JSON.stringify({ query }), within, token);
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && "data" in body && !("errors" in body) ? body : undefined;
  } catch {
    // Not yet, or never: the caller's deadline decides.
    return undefined;
  }
}
