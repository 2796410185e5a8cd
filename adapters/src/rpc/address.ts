import { fail, ok, type Result } from "@catalyst-node/core/model";
import { rpcProblem } from "./problems.ts";

/** Where a process listens: a unix socket's path, or a host and port (0: any free one). */
export type ListenAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/** Where a client finds its peer; `tls` for https. */
export type PeerAddress =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls: boolean };

const hostPort = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[A-Za-z0-9._-]+)):(?<port>\d{1,5})$/;

/** Reads `unix:/path`, `host:port` or `[v6]:port`. `CAT-RPC-001` when it is neither. */
export function parseListenAddress(text: string): Result<ListenAddress> {
  const path = unixPath(text);
  if (path !== undefined) return ok({ kind: "unix", path });
  const groups = hostPort.exec(text)?.groups;
  const port = Number(groups?.["port"]);
  const host = groups?.["v6"] ?? groups?.["host"];
  if (host === undefined || port > 65_535) return fail(rpcProblem("CAT-RPC-001", text, "No listen address"));
  return ok({ kind: "tcp", host, port });
}

/** Reads `unix:/path`, `http://host:port` or `https://host:port`. `CAT-RPC-001` when it is none of them. */
export function parsePeerAddress(text: string): Result<PeerAddress> {
  const path = unixPath(text);
  if (path !== undefined) return ok({ kind: "unix", path });
  const url = /^https?:\/\//.test(text) ? URL.parse(text) : null;
  if (url === null || url.pathname !== "/" || url.search !== "" || url.username !== "") {
    return fail(rpcProblem("CAT-RPC-001", text, "No peer address"));
  }
  const tls = url.protocol === "https:";
  const port = url.port === "" ? (tls ? 443 : 80) : Number(url.port);
  return ok({ kind: "tcp", host: url.hostname.replace(/^\[|\]$/g, ""), port, tls });
}

/** `host:port` as it stands in a URL: IPv6 in brackets. */
export function authority(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether a host name or address means this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function unixPath(text: string): string | undefined {
  const path = text.startsWith("unix:") ? text.slice("unix:".length) : "";
  return path === "" || path.includes("\0") ? undefined : path;
}
