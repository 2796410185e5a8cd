import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "./address.ts";
import type { SharedSecret } from "./secret.ts";

/** What a request is answered before its body is read: nothing (let it in), or a status with its reason. */
type Refusal = { readonly status: 401 | 403; readonly reason: string };

/** Decides on a request by its headers alone. */
export type Gatekeeper = (headers: IncomingHttpHeaders) => Promise<Refusal | undefined>;

/** For unix sockets and mutual TLS: whoever could connect is let in. */
export const open: Gatekeeper = () => Promise.resolve(undefined);

/** For TCP with a shared secret. */
export function bySecret(secret: SharedSecret): Gatekeeper {
  return async ({ authorization }) =>
    (await secret.matches(authorization))
      ? undefined
      : { status: 401, reason: "the shared secret is missing or wrong" };
}

/**
 * For a read-only API on TCP. On loopback the Host must be a loopback name, else any web page could reach it by
 * rebinding a name of its own; a request that another site's page sends is refused everywhere.
 */
export function publicReadOnly(listenHost: string): Gatekeeper {
  return ({ host, ":authority": h2Authority, origin }) => {
    const name = String(host ?? h2Authority ?? "");
    const url = URL.parse(`http://${name}`);
    const hostname = url?.hostname.replace(/^\[|\]$/g, "") ?? "";
    if (isLoopback(listenHost) && !isLoopback(hostname)) {
      return Promise.resolve({ status: 403, reason: "the Host must be a loopback name" });
    }
    const foreign = origin !== undefined && URL.parse(origin)?.host !== url?.host;
    return Promise.resolve(foreign ? { status: 403, reason: "requests of other sites are refused" } : undefined);
  };
}
