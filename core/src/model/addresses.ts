import { quote } from "./quote.ts";

/** Where a process listens. Port 0 lets the system choose; the ready line tells what it chose. */
export type Listen = { readonly host: string; readonly port: number };

/** A path for a unix socket, or a URL of a TCP listener. */
export type RpcAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly url: string; readonly secure: boolean; readonly listen: Listen };

/** The longest path of a unix socket on Linux: `sun_path` is 108 bytes with its closing zero (unix(7)). */
export const longestSocketPath = 107;

const listenPattern =
  /^(?:\[(?<v6>[0-9A-Fa-f:.]+)\]|(?<name>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)):(?<port>[0-9]+)$/;

/** Reads `host:port` or `[v6]:port`; a string is what is wrong with the text. */
export function parseListen(text: string): Listen | string {
  const groups = listenPattern.exec(text)?.groups;
  const host = groups?.["v6"] ?? groups?.["name"];
  if (host === undefined) return `${quote(text)} is not host:port, such as "127.0.0.1:4000" or "[::1]:4000"`;
  const port = Number(groups?.["port"]);
  return port > 65_535 ? `port ${port} is not between 0 and 65535` : { host, port };
}

/** Reads `unix:PATH`, `http://host:port` or `https://host:port`; a string is what is wrong with the text. */
export function parseRpcAddress(text: string): RpcAddress | string {
  if (text.startsWith("unix:")) return parseSocket(text.slice("unix:".length));
  const match = /^(https?):\/\/([^/]*)\/?$/.exec(text);
  if (!match) return `${quote(text)} is not "unix:PATH", "http://host:port" or "https://host:port"`;
  const listen = parseListen(match[2] ?? "");
  if (typeof listen === "string") return listen;
  return { kind: "tcp", url: text, secure: match[1] === "https", listen };
}

function parseSocket(path: string): RpcAddress | string {
  if (path === "") return `"unix:" needs a path, such as "unix:/run/catalyst/gateway.sock"`;
  const excess = socketPathExcess(path);
  return excess ?? { kind: "unix", path };
}

/** What is wrong with the length of a socket's path; undefined when the system can bind it. */
export function socketPathExcess(path: string): string | undefined {
  const length = new TextEncoder().encode(path).length;
  if (length <= longestSocketPath) return undefined;
  return `the socket path has ${length} bytes and a unix socket allows ${longestSocketPath}; choose a shorter folder`;
}

/** What is wrong with the URL of a service; undefined when it can be called. Never repeats a credential. */
export function serviceUrlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // URL drops tabs, newlines and blanks at the ends silently; what was typed must be what is called.
  if (url === undefined || /[\s\p{Cc}]/u.test(text)) return `not a URL, such as "http://127.0.0.1:4001/graphql"`;
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return `only http: and https: URLs can be called, not ${url.protocol}`;
  if (!/^https?:\/\//i.test(text)) return `not a URL, such as "http://127.0.0.1:4001/graphql"`;
  if (url.username !== "" || url.password !== "")
    return "a URL must not hold a credential: it shows in logs and status";
  return url.hash === "" ? undefined : "a URL to call has no #fragment";
}
