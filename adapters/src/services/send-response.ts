import { type ServiceAnswer, type ServiceFailureCode, serviceFailures } from "@catalyst-node/core/execution";
import type { Dispatcher } from "undici";

/** Of a response that may be read: what its head says about its body. */
export type ReadableHead = { readonly status: number; readonly isSelfDescribing: boolean };

/**
 * Looks at a response's head: what does not promise JSON, or too much of it, is not read at all. Redirects are not
 * followed: they could lead anywhere.
 */
export function readHead(
  status: number,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  maxBytes: number,
): ReadableHead | undefined {
  const type = mediaType(headers["content-type"]);
  const encoding = headers["content-encoding"] ?? "identity";
  const isSelfDescribing = type === "application/graphql-response+json";
  const isJson = isSelfDescribing || type === "application/json";
  const isShort = Number(headers["content-length"] ?? 0) <= maxBytes;
  const isRedirect = status >= 300 && status < 400;
  return isJson && encoding === "identity" && isShort && !isRedirect ? { status, isSelfDescribing } : undefined;
}

/**
 * Reads a whole body by the GraphQL-over-HTTP specification: `application/graphql-response+json` means what it says
 * under any status; `application/json` under 2xx, and with an error status when it holds GraphQL errors, as many
 * servers answer.
 */
export function readBody({ status, isSelfDescribing }: ReadableHead, text: string): ServiceAnswer {
  const payload = parse(text);
  const counts = isSelfDescribing || (status >= 200 && status < 300) || hasErrors(payload);
  return payload !== undefined && counts ? { kind: "answered", payload } : failed(codeOf(status));
}

/** Reads a response; rejects when the connection breaks or the request is aborted. */
export async function readResponse(response: Dispatcher.ResponseData, maxBytes: number): Promise<ServiceAnswer> {
  const { statusCode: status, headers, body } = response;
  const head = readHead(status, headers, maxBytes);
  if (head === undefined) {
    // What is left unread would hold the connection.
    body.on("error", () => undefined).destroy();
    return failed(codeOf(status));
  }
  const text = await readText(body, maxBytes);
  return text === undefined ? failed(codeOf(status)) : readBody(head, text);
}

/** What an answer with this status comes to when it is not read. */
export function codeOf(status: number): ServiceFailureCode {
  return status >= 502 && status <= 504 ? "SERVICE_UNAVAILABLE" : "SERVICE_BAD_RESPONSE";
}

function mediaType(header: string | readonly string[] | undefined): string {
  return typeof header === "string" ? (header.split(";", 1)[0] ?? "").trim().toLowerCase() : "";
}

/** Undefined when it is longer than it may be; the rest is not read then. */
async function readText(body: Dispatcher.ResponseData["body"], maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > maxBytes) return undefined;
    chunks.push(bytes);
  }
  return (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hasErrors(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && "errors" in payload && Array.isArray(payload.errors);
}

export function failed(code: ServiceFailureCode): ServiceAnswer {
  return { kind: "failed", code, message: serviceFailures[code].message };
}
