import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import {
  createConnectRouter,
  createContextValues,
  type ConnectRouter,
  type ConnectRouterOptions,
} from "@connectrpc/connect";
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import { callerNames, namesOf } from "./caller.ts";
import type { Gatekeeper } from "./gatekeeper.ts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** Answers what is no call, such as a page; false: it is none of its, and nothing was answered. Whoever may call may ask. */
export type Pages = (request: Request, response: Response) => boolean;

/** A unary request's body must have arrived within this, however slowly it drips. */
const bodyMs = 30_000;

/**
 * One request listener for HTTP/1.1 and HTTP/2. Ours instead of `connectNodeAdapter`, because that one throws out of
 * the listener on a request without Host (which would end the process) and prints to the console.
 */
export function handleRpc(
  routes: (router: ConnectRouter) => void,
  gatekeeper: Gatekeeper,
  pages: Pages | undefined,
  options: ConnectRouterOptions,
) {
  const router = createConnectRouter({ ...options, acceptCompression: [compressionGzip, compressionBrotli] });
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  async function answer(request: Request, response: Response): Promise<void> {
    const refusal = await gatekeeper(request.headers);
    if (refusal !== undefined) return refuse(response, refusal.status, refusal.reason);
    if (pages?.(request, response) === true) return;
    const handler = handlers.get(request.url?.split("?", 1)[0] ?? "");
    if (handler === undefined) return refuse(response, 404, "no such call");
    limitBody(request);
    const values = createContextValues().set(callerNames, namesOf(request));
    const universal = universalRequestFromNodeRequest(request, response, undefined, values);
    await universalResponseToNodeResponse(await handler(universal), response);
  }

  return (request: Request, response: Response): void => {
    answer(request, response).catch(() => {
      // The handlers turn their own errors into answers; what is left is a broken connection or a malformed request.
      if (response.headersSent) response.destroy();
      else refuse(response, 400, "the request cannot be read");
    });
  };
}

function refuse(response: Response, status: number, reason: string): void {
  const headers = { "content-type": "text/plain", ...(status === 401 ? { "www-authenticate": "Bearer" } : {}) };
  if ("stream" in response) {
    response.writeHead(status, headers).end(`${reason}\n`);
    return;
  }
  // The body that was not read must not be taken for the next request.
  response.shouldKeepAlive = false;
  response.writeHead(status, headers).end(`${reason}\n`);
}

function limitBody(request: Request): void {
  const deadline = setTimeout(() => request.destroy(), bodyMs);
  for (const event of ["end", "close"]) request.once(event, () => clearTimeout(deadline));
}
