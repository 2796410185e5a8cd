import type { IncomingMessage } from "node:http";
import { isNestedDeeper, parseJson } from "@catalyst-node/core/execution";
import type { Asking } from "./operation-text.ts";

/**
 * What nearly every client sends: JSON of a known length by POST, without parameters in the URL. It can be read and
 * answered without a Request, a Response and their streams, which took half of a gateway's time for a small query.
 * Whatever is out of the ordinary is no plain request: GraphQL Yoga answers it, and knows all the rules.
 */
export function isPlain({ method, url, headers }: IncomingMessage, maxBody: number): boolean {
  const length = headers["content-length"];
  if (method !== "POST" || url !== "/graphql" || length === undefined || headers["transfer-encoding"] !== undefined)
    return false;
  return /^[1-9]\d{0,8}$/.test(length) && Number(length) <= maxBody;
}

/** The body as it came; undefined when the connection ended before it did. */
export function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((settle) => {
    if (request.destroyed) return settle(undefined);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      const [first] = chunks;
      settle(chunks.length === 1 && first ? first : Buffer.concat(chunks));
    });
    request.once("close", () => settle(undefined));
    request.once("error", () => settle(undefined));
  });
}

export type PlainParams = Asking & {
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
};

/** The parameters of a GraphQL request; undefined of anything that is not exactly that, or nested deeper. */
export function readParams(body: Buffer, maxNesting: number): PlainParams | undefined {
  const text = body.toString("utf8");
  const parsed = isNestedDeeper(text, maxNesting) ? undefined : parse(text);
  if (!isObject(parsed)) return undefined;
  const { query = null, documentId = null, operationName = null, variables = null, extensions = null } = parsed;
  for (const key in parsed) if (!known.has(key)) return undefined;
  if (query !== null && typeof query !== "string") return undefined;
  if (documentId !== null && typeof documentId !== "string") return undefined;
  if (operationName !== null && typeof operationName !== "string") return undefined;
  if (variables !== null && !isObject(variables)) return undefined;
  if (extensions !== null && !isObject(extensions)) return undefined;
  return { query, documentId, extensions, operationName: operationName ?? undefined, variables: variables ?? {} };
}

const known: ReadonlySet<string> = new Set(["query", "documentId", "operationName", "variables", "extensions"]);

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** In which media type a client wants its answer; undefined when it might want something else than JSON. */
export function plainMediaType(accept: string | undefined): MediaType | undefined {
  return accept === undefined ? "application/json" : mediaTypes.get(accept);
}

export type MediaType = "application/json" | "application/graphql-response+json";

/** What clients are known to send, and what Yoga makes of it. */
const mediaTypes: ReadonlyMap<string, MediaType> = new Map([
  ...["*/*", "application/json", "application/json, */*", "application/json, text/plain, */*"].map(
    (accept) => [accept, "application/json"] as const,
  ),
  ...[
    "application/graphql-response+json",
    "application/graphql-response+json, application/json",
    "application/graphql-response+json,application/json",
    "application/graphql-response+json,application/json;q=0.9",
    "application/graphql-response+json, application/json;q=0.9",
    "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
  ].map((accept) => [accept, "application/graphql-response+json"] as const),
]);
