import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

/** To one origin at a time. */
const maxSockets = 2;
/** A connection is kept for the question that may follow, in milliseconds. */
const keptMs = 2_000;

/** Connections to services, kept for a moment between two questions. Node's own client: one that is asked this rarely need not be fast, but it must load fast. */
export class Connections implements Disposable {
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets, timeout: keptMs });
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets, timeout: keptMs });

  /** Sends one POST; settles with the response's head. Rejects by whatever hinders it, the signal included. Follows no redirect. */
  post(
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options = { method: "POST", headers, signal };
    const asked = url.startsWith("https:")
      ? requestHttps(url, { ...options, agent: this.#https })
      : requestHttp(url, { ...options, agent: this.#http });
    asked.once("response", resolve);
    // Stays: a connection that breaks later is told by the response, too.
    asked.on("error", reject);
    asked.end(body);
    return promise;
  }

  /** Ends every connection, in use or not. */
  [Symbol.dispose](): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}
