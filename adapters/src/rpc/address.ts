import { type Listen, parseListen, parseRpcAddress } from "@catalyst-node/core/model";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { rpcProblem } from "./problems.ts";

/** Where a process listens: a unix socket's path, or a host and port (0: any free one). */
export type ListenAddress = { readonly kind: "unix"; readonly path: string } | ({ readonly kind: "tcp" } & Listen);

/** Where a client finds its peer; `tls` for https. */
export type PeerAddress =
  | { readonly kind: "unix"; readonly path: string }
  | ({ readonly kind: "tcp"; readonly tls: boolean } & Listen);

/** Reads `unix:/path`, `host:port`, or a peer's address to listen on the same. `CAT-RPC-001` when it is none of them. */
export function parseListenAddress(text: string): Result<ListenAddress> {
  const listen = parseListen(text);
  if (typeof listen !== "string") return ok({ kind: "tcp", ...listen });
  const peer = parsePeerAddress(text);
  return peer.ok && peer.value.kind === "tcp"
    ? ok({ kind: "tcp", host: peer.value.host, port: peer.value.port })
    : peer;
}

/** Reads `unix:/path`, `http://host:port` or `https://host:port`. `CAT-RPC-001` when it is none of them. */
export function parsePeerAddress(text: string): Result<PeerAddress> {
  const address = parseRpcAddress(text);
  if (typeof address === "string") return fail(rpcProblem("CAT-RPC-001", text, address));
  return ok(address.kind === "unix" ? address : { kind: "tcp", tls: address.secure, ...address.listen });
}

/** `host:port` as it stands in a URL: IPv6 in brackets. */
export function authority({ host, port }: Listen): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether a host name or address means this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
