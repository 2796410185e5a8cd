import { isUtf8 } from "node:buffer";
import { parseJson, type ServiceAnswer, type ServiceFailureCode, serviceFailures } from "@catalyst-node/core/execution";
import type { Dispatcher } from "undici";

/** A response's head, as far as it matters here; what stands twice in it is no text. */
type Head = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
};

/**
 * Looks at a response's head: what does not promise JSON is not read at all. Redirects are not followed: they could
 * lead anywhere.
 */
export function isReadable({ status, headers }: Head): boolean {
  const type = mediaType(headers["content-type"]);
  const isJson = type === selfDescribing || type === "application/json";
  const isRedirect = status >= 300 && status < 400;
  return isJson && (headers["content-encoding"] ?? "identity") === "identity" && !isRedirect;
}

const selfDescribing = "application/graphql-response+json";

/**
 * Reads a whole body by the GraphQL-over-HTTP specification: `application/graphql-response+json` means what it says
 * under any status; `application/json` under 2xx, and with an error status when it holds GraphQL errors, as many
 * servers answer.
 */
export function readBody({ status, headers }: Head, body: Buffer): ServiceAnswer {
  if (status >= 200 && status < 300 && isUtf8(body)) return new Answered(body);
  const payload = parse(body.toString("utf8"));
  const isSelfDescribing = mediaType(headers["content-type"]) === selfDescribing;
  const counts = isSelfDescribing || (status >= 200 && status < 300) || hasErrors(payload);
  return payload !== undefined && counts ? { kind: "answered", payload } : failed(codeOf(status));
}

/** Parsed when somebody asks for more than the bytes; what is no JSON is no GraphQL response either. */
class Answered {
  readonly kind = "answered";
  readonly bytes: Buffer;
  #payload: { readonly value: unknown } | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get payload(): unknown {
    this.#payload ??= { value: parse(this.bytes.toString("utf8")) };
    return this.#payload.value;
  }
}

/** Reads a response; rejects when the connection breaks or the request is aborted. */
export async function readResponse(response: Dispatcher.ResponseData, maxBytes: number): Promise<ServiceAnswer> {
  const { statusCode: status, headers, body } = response;
  const head = { status, headers };
  if (!isReadable(head) || Number(headers["content-length"] ?? 0) > maxBytes) {
    // What is left unread would hold the connection.
    body.on("error", () => undefined).destroy();
    return failed(codeOf(status));
  }
  const whole = await readWhole(body, maxBytes);
  return whole === undefined ? failed(codeOf(status)) : readBody(head, whole);
}

/** What an answer with this status comes to when it is not read. */
export function codeOf(status: number): ServiceFailureCode {
  return status >= 502 && status <= 504 ? "SERVICE_UNAVAILABLE" : "SERVICE_BAD_RESPONSE";
}

function mediaType(header: string | readonly string[] | undefined): string {
  if (header === "application/json" || header === "application/json; charset=utf-8") return "application/json";
  return typeof header === "string" ? (header.split(";", 1)[0] ?? "").trim().toLowerCase() : "";
}

/** Undefined when it is longer than it may be; the rest is not read then. */
async function readWhole(body: Dispatcher.ResponseData["body"], maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > maxBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
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
