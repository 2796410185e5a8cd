import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";

/**
 * Asks the gateway that this process has started; the text of its answer. Who it is was told by its ready line: by HTTPS
 * its certificate, which may be for the name that clients use, is not compared with the address.
 */
export function post(url: string, body: string, signal: AbortSignal): Promise<string> {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const options = { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) }, signal };
  const call = url.startsWith("https:")
    ? requestHttps(url, { ...options, rejectUnauthorized: false })
    : requestHttp(url, options);
  return new Promise((settle, fail) => {
    call.once("error", fail);
    call.once("response", (response) => void text(response).then(settle, fail));
    call.end(body);
  });
}
