import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** A browser's visit: it asks for a page, not for an answer. */
export function wantsPage({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && headers.accept?.includes("text/html") === true;
}

/**
 * Monaco wants blobs for its workers and inline styles; nothing may be fetched from anywhere but this gateway, so the
 * page works, and tells nobody, without internet.
 */
const policy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  "worker-src blob:",
  "style-src 'unsafe-inline'",
  "font-src data:",
  "img-src data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

let page: Promise<Buffer> | undefined;

/** Sends GraphiQL whole in one document. Nine megabytes of script, so it is loaded and packed on the first visit only. */
export async function sendPage(response: ServerResponse): Promise<void> {
  page ??= renderPage();
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-encoding": "gzip",
    "content-security-policy": policy,
    "referrer-policy": "no-referrer",
    vary: "accept",
  });
  response.end(await page);
}

async function renderPage(): Promise<Buffer> {
  const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
  return await promisify(gzip)(renderGraphiQL({ title: "GraphiQL", endpoint: "/graphql" }));
}
