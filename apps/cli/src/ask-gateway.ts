import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";

/** What a gateway answered. */
export type GatewayAnswer = { readonly status: number; readonly text: string };

/**
 * Asks a gateway of this machine that our own node has told of, by POST of a body. By HTTPS its certificate, which may be
 * for the name that clients use, is not compared with the address, and nothing secret is sent but a token of this node.
 */
export function askGateway(url: string, body: string, signal: AbortSignal, token?: string): Promise<GatewayAnswer> {
  const bearer = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { "content-type": "application/json", accept: "application/json", ...bearer };
  const options = { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) }, signal };
  const call = url.startsWith("https:")
    ? requestHttps(url, { ...options, rejectUnauthorized: false })
    : requestHttp(url, options);
  return new Promise((settle, fail) => {
    call.once("error", fail);
    call.once("response", (response) => {
      void text(response).then((text) => settle({ status: response.statusCode ?? 0, text }), fail);
    });
    call.end(body);
  });
}
