import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { jwksProblem } from "./problems.ts";
import { jwksResponder } from "./responder.ts";

export type JwksServerOptions = {
  readonly listen: { readonly host: string; readonly port: number };
  /** The JWK set as JSON; undefined while there is none. */
  readonly keys: () => string | undefined;
  /** What hinders the process to do its work; none: it is ready. */
  readonly notReady: () => readonly Problem[];
};

/** Published keys and probes by HTTP; public by design. Disposing it ends its connections. */
export interface JwksServer extends AsyncDisposable {
  /** With port 0 resolved. */
  readonly url: string;
}

/** Whoever asks has no need to take longer, in ms. */
const times = { headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 30_000 };
const maxConnections = 256;
const closeMs = 1_000;

/** Serves `/.well-known/jwks.json`, `/livez` and `/readyz`. `CAT-JWKS-001` when the address cannot be bound. */
export async function serveJwks({ listen, keys, notReady }: JwksServerOptions): Promise<Result<JwksServer>> {
  const answerKeys = jwksResponder(keys);
  const server = createServer(
    { ...times, connectionsCheckingInterval: 1_000, maxHeaderSize: 8_192 },
    (request, response) => {
      // Nothing that is asked here has a body; what comes with one is not read.
      if (request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0) {
        response.shouldKeepAlive = false;
      }
      if (!answerKeys(request, response)) answerProbe(request, response, notReady);
    },
  );
  server.maxConnections = maxConnections;
  server.maxRequestsPerSocket = 1_000;
  const failure = await new Promise<Error | undefined>((settle) => {
    server.once("error", settle);
    server.listen(listen, () => settle(undefined));
  });
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  if (failure !== undefined) return fail(jwksProblem("CAT-JWKS-001", `${host}:${listen.port}`, failure.message));
  server.on("error", () => undefined);
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : listen.port;
  return ok({
    url: `http://${host}:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((settle) => server.close(settle));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), closeMs);
      await closed;
      clearTimeout(cut);
    },
  });
}

function answerProbe(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  notReady: () => readonly Problem[],
): void {
  const path = url?.split("?", 1)[0];
  if (path !== "/livez" && path !== "/readyz") return answer(response, 404, { reason: "nothing is here" });
  if (method !== "GET" && method !== "HEAD") return answer(response, 405, { reason: "GET or HEAD" }, "GET, HEAD");
  if (path === "/livez") return answer(response, 200, { live: true });
  const reasons = notReady();
  answer(response, reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
}

function answer(response: ServerResponse, status: number, body: object, allow?: string): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    ...(allow === undefined ? {} : { allow }),
  });
  response.end(text);
}
