import { createHash } from "node:crypto";
import { keyRefresh } from "@catalyst-node/core/trust";

/** Where published keys are looked for (RFC 8615; the path that OpenID Connect has made usual). */
export const jwksPath = "/.well-known/jwks.json";

/** How long a verifier may keep them, in seconds. */
const maxAge = keyRefresh / 1000;

/** What is asked: of HTTP/1.1 and HTTP/2 alike. */
export type PageRequest = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly "if-none-match"?: string | undefined };
};

export type PageResponse = {
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown;
  end(body: string): unknown;
};

/**
 * Answers requests for the published keys, on whatever server they come. False: the request is for something else, and
 * nothing was answered. `keys` is the JWK set as JSON, asked for each time; undefined while none is known.
 */
export function jwksResponder(keys: () => string | undefined) {
  let told: { readonly body: string; readonly etag: string } | undefined;

  function current(): typeof told {
    const body = keys();
    if (body === undefined) return undefined;
    if (told?.body !== body) told = { body, etag: `"${createHash("sha256").update(body).digest("base64url")}"` };
    return told;
  }

  return (request: PageRequest, response: PageResponse): boolean => {
    if (request.url?.split("?", 1)[0] !== jwksPath) return false;
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD", "content-length": 0 });
      response.end("");
      return true;
    }
    const page = current();
    if (page === undefined) {
      response.writeHead(503, { "retry-after": "1", "cache-control": "no-store", "content-length": 0 });
      response.end("");
      return true;
    }
    const caching = { "cache-control": `public, max-age=${maxAge}`, etag: page.etag };
    if (matches(request.headers["if-none-match"], page.etag)) {
      response.writeHead(304, caching);
      response.end("");
      return true;
    }
    response.writeHead(200, {
      ...caching,
      "content-type": "application/jwk-set+json",
      "content-length": Buffer.byteLength(page.body),
      "x-content-type-options": "nosniff",
    });
    response.end(request.method === "HEAD" ? "" : page.body);
    return true;
  };
}

/** RFC 9110, 13.1.2: compared weakly. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
}
