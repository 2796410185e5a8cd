import { type ServiceAnswer, type ServiceFailureCode, serviceFailures } from "@catalyst-node/core/execution";
import type { Dispatcher } from "undici";

/**
 * Reads a response by the GraphQL-over-HTTP specification: `application/graphql-response+json`
 * means what it says under any status; `application/json` under 2xx, and with an error status when
 * it holds GraphQL errors, as many servers answer. Redirects are not followed: they could lead
 * anywhere. Rejects when the connection breaks or the request is aborted.
 */
export async function readResponse(response: Dispatcher.ResponseData, maxBytes: number): Promise<ServiceAnswer> {
  const { statusCode: status, headers, body } = response;
  const type = mediaType(headers["content-type"]);
  const encoding = headers["content-encoding"];
  const isJson = type === "application/json" || type === "application/graphql-response+json";
  const length = Number(headers["content-length"] ?? 0);
  if (
    !isJson ||
    (encoding !== undefined && encoding !== "identity") ||
    length > maxBytes ||
    (status >= 300 && status < 400)
  ) {
    // What is left unread would hold the connection.
    body.on("error", () => undefined).destroy();
    return failed(codeOf(status));
  }
  const text = await readText(body, maxBytes);
  const payload = text === undefined ? undefined : parse(text);
  if (payload === undefined) return failed(codeOf(status));
  const isSuccess = status >= 200 && status < 300;
  if (type === "application/graphql-response+json" || isSuccess || hasErrors(payload))
    return { kind: "answered", payload };
  return failed(codeOf(status));
}

function codeOf(status: number): ServiceFailureCode {
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

function failed(code: ServiceFailureCode): ServiceAnswer {
  return { kind: "failed", code, message: serviceFailures[code].message };
}
