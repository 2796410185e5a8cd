import type { Address } from "./http1/connection.ts";

/** Where each service is reached, by its name in the supergraph; the URLs in order of preference. */
export type EndpointTable = ReadonlyMap<string, readonly Endpoint[]>;
export type Endpoint = {
  readonly url: string;
  /** How subscriptions are asked for there. Default: server-sent events, at the same URL. */
  readonly subscriptions?: { readonly protocol: "sse" | "ws"; readonly url?: string | undefined };
};

/** One URL, in the parts that connections and requests want. */
export type Target = {
  readonly origin: string;
  readonly address: Address;
  /** What the `host` field says. */
  readonly host: string;
  readonly path: string;
};

/** Splits an http or https URL; undefined for any other text. A user or password in it is not sent. */
function parseTarget(url: string): Target | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) return undefined;
  const { origin, protocol, hostname, port, host, pathname, search } = parsed;
  const address: Address = {
    protocol,
    // An IPv6 address stands in brackets.
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
  return { origin, address, host, path: `${pathname}${search}` };
}

/** The table in parsed form; what is no http URL is left out, so such a service is unavailable. */
export function parseTable(table: EndpointTable): ReadonlyMap<string, readonly Target[]> {
  return new Map(
    Array.from(table, ([service, urls]) => [service, urls.flatMap(({ url }) => parseTarget(url) ?? [])] as const),
  );
}

/** Where subscriptions are asked for. */
export type SourceTarget =
  | { readonly protocol: "sse"; readonly target: Target; readonly url: string }
  | { readonly protocol: "ws"; readonly url: string };

/** Undefined when no URL of that protocol can be made of it. A WebSocket's is the service's own, with `ws` for `http`. */
export function parseSource({ url, subscriptions }: Endpoint): SourceTarget | undefined {
  const asked = (subscriptions?.url ?? url).replace(/^ws(?=s?:)/i, "http");
  if (subscriptions?.protocol !== "ws") {
    const target = parseTarget(asked);
    return target && { protocol: "sse", target, url: asked };
  }
  const parsed = URL.parse(asked.replace(/^http/i, "ws"));
  return parsed?.protocol === "ws:" || parsed?.protocol === "wss:" ? { protocol: "ws", url: parsed.href } : undefined;
}
