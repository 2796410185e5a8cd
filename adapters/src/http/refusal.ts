import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { requestErrors, type RequestErrorCode } from "./problems.ts";

/** Why a request is not executed, decided by its head alone. */
export type Refusal = {
  readonly status: number;
  readonly code: RequestErrorCode;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Looks at method and headers before a body is read; undefined lets the request in. */
export function refusalOf({ method, headers, url = "" }: IncomingMessage, queriesByGet: boolean): Refusal | undefined {
  const allow = { allow: queriesByGet ? "GET, POST" : "POST" };
  switch (method ?? "") {
    case "GET":
      if (!queriesByGet) return { status: 405, code: "METHOD_NOT_ALLOWED", headers: allow };
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

/** The same over a connection that asked to become a WebSocket. */
export function refuseUpgrade(socket: Duplex, { status, code, headers = {} }: Refusal): void {
  const body = `${JSON.stringify({ errors: [{ message: requestErrors[code], extensions: { code } }] })}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "connection: close",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "content-type: application/json; charset=utf-8",
    "cache-control: no-store",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
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

/** Why a connection may not become a WebSocket. `dev` is undefined while nothing is served. */
export function upgradeRefusal(
  request: IncomingMessage,
  dev: boolean | undefined,
  listenHost: string,
): Refusal | undefined {
  if (request.url?.split("?", 1)[0] !== "/graphql") return { status: 404, code: "NOT_FOUND" };
  if (dev === undefined) return { status: 503, code: "NOT_READY" };
  if (dev && isRebound(request, listenHost)) return { status: 403, code: "FOREIGN_HOST" };
  return isForeignPage(request) ? { status: 403, code: "FOREIGN_ORIGIN" } : undefined;
}

/**
 * Any web page may open a WebSocket to any host, without asking and with its answers readable: the browser only tells
 * whose page it is. As over HTTP, where no CORS header is ever sent, pages of the gateway's own host alone are served.
 * Whoever is no browser sends no Origin.
 */
function isForeignPage({ headers: { origin, host = "" } }: IncomingMessage): boolean {
  return origin !== undefined && URL.parse(origin)?.host !== host.toLowerCase();
}
