import type { IncomingMessage, ServerResponse } from "node:http";
import { requestErrors, type RequestErrorCode } from "./problems.ts";

/** Why a request is not executed, decided by its head alone. */
export type Refusal = {
  readonly status: number;
  readonly code: RequestErrorCode;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Looks at method and headers before a body is read; undefined lets the request in. */
export function refusalOf({ method, headers, url = "" }: IncomingMessage, dev: boolean): Refusal | undefined {
  const allow = { allow: dev ? "GET, POST" : "POST" };
  switch (method ?? "") {
    case "GET":
      if (!dev) return { status: 405, code: "METHOD_NOT_ALLOWED", headers: allow };
      return url.includes("?") ? undefined : { status: 400, code: "BAD_REQUEST" };
    case "POST": {
      const mediaType = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
      const encoded = (headers["content-encoding"] ?? "identity") !== "identity";
      return mediaType === "application/json" && !encoded ? undefined : { status: 415, code: "UNSUPPORTED_MEDIA_TYPE" };
    }
    default:
      return { status: 405, code: "METHOD_NOT_ALLOWED", headers: allow };
  }
}

/** Answers as a GraphQL server does, so that a client's own error handling finds code and reason where it looks. */
export function refuse(
  response: ServerResponse,
  { status, code, headers }: Refusal,
  reasons: readonly unknown[] = [],
): void {
  const extensions = reasons.length === 0 ? { code } : { code, reasons };
  // The body was not read: it must not be taken for the next request on this connection.
  response.setHeader("connection", "close");
  sendJson(response, status, { errors: [{ message: requestErrors[code], extensions }] }, headers);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(`${JSON.stringify(body)}\n`);
}

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * A web page that has pointed a name of its own at this machine (DNS rebinding) would be same-origin with a gateway
 * there: on a loopback listener only loopback names are ours. To be asked in dev mode alone, where no proxy stands
 * before the gateway; elsewhere Host is whatever clients call the proxy.
 */
export function isRebound({ headers: { host = "" } }: IncomingMessage, listenHost: string): boolean {
  const ours = loopback.test(listenHost.includes(":") ? `[${listenHost}]` : listenHost);
  return ours && !loopback.test(URL.parse(`http://${host}`)?.hostname ?? "");
}
