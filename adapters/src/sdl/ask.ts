import type { IncomingMessage } from "node:http";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import type { Connections } from "./connections.ts";
import { excerpt, serviceProblem } from "./problems.ts";

export type Question = {
  readonly service: string;
  readonly url: string;
  readonly query: string;
  /** Largest answer in bytes. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly connections: Connections;
};

/** What a service answered: an object of data, or the messages of its GraphQL errors. `size` in bytes. */
export type GraphqlAnswer = {
  readonly data: object | undefined;
  readonly errors: readonly string[];
  readonly size: number;
};

const headers = {
  "content-type": "application/json",
  accept: "application/graphql-response+json, application/json;q=0.9",
};

/** Asks one question by POST. Redirects are not followed, and no more than `maxBytes` is ever held. */
export async function askService(question: Question): Promise<Result<GraphqlAnswer>> {
  const { service, url, query, signal, connections } = question;
  try {
    const response = await connections.post(url, headers, JSON.stringify({ query }), signal);
    const text = await readCapped(response, question.maxBytes);
    if (text === undefined) {
      const what = `Its answer is larger than ${question.maxBytes} bytes`;
      return fail(serviceProblem("CAT-SERVICE-003", service, what));
    }
    return answerOf(service, response, text);
  } catch (error) {
    return fail(toProblem(error, service, signal));
  }
}

/** The one funnel: whatever a request has thrown, as a problem. */
export function toProblem(error: unknown, service: string, signal: AbortSignal) {
  if (signal.aborted) {
    const late = signal.reason instanceof Error && signal.reason.name === "TimeoutError";
    return serviceProblem("CAT-SERVICE-002", service, late ? "It did not answer in time" : "The question was given up");
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const why = code === "" ? (error instanceof Error ? error.message : "no reason given") : code;
  return serviceProblem("CAT-SERVICE-001", service, `It cannot be reached (${why})`);
}

async function readCapped(response: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const tooLarge = Number(response.headers["content-length"] ?? 0) > maxBytes;
  if (!tooLarge) {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      if (bytes > maxBytes) break;
      chunks.push(chunk);
    }
  }
  if (tooLarge || bytes > maxBytes) {
    // Nothing more of it is read: its connection goes.
    response.on("error", () => undefined).destroy();
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answerOf(
  service: string,
  { statusCode = 0, headers: told }: IncomingMessage,
  text: string,
): Result<GraphqlAnswer> {
  const type = told["content-type"] ?? "no content type";
  const json = /^application\/(?:[\w.-]+\+)?json\b/i.test(type) ? parseJson(text) : undefined;
  // Errors of GraphQL come with a status of their own (400, 500); they are the better message.
  if (json !== undefined && "errors" in json && Array.isArray(json.errors) && json.errors.length > 0) {
    return ok({ data: dataOf(json), errors: json.errors.map(messageOf), size: text.length });
  }
  if (statusCode !== 200) {
    const to = statusCode >= 300 && statusCode < 400 ? ", a redirect" : "";
    return fail(serviceProblem("CAT-SERVICE-004", service, `It answered HTTP ${statusCode}${to} (${excerpt(type)})`));
  }
  if (json === undefined) {
    return fail(serviceProblem("CAT-SERVICE-005", service, `It answered ${excerpt(type)}, not JSON: ${excerpt(text)}`));
  }
  return ok({ data: dataOf(json), errors: [], size: text.length });
}

function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function dataOf(json: object): object | undefined {
  return "data" in json && typeof json.data === "object" && json.data !== null ? json.data : undefined;
}

function messageOf(error: unknown): string {
  const told = typeof error === "object" && error !== null && "message" in error ? error.message : undefined;
  return excerpt(typeof told === "string" ? told : "an error without a message");
}
