import type { Listen } from "@catalyst-node/adapters/http";
import type { Urls } from "../running.ts";

/** Of the address of all clients, and of HTTPS where it has one of its own. */
export type Ports = { readonly port: number; readonly tlsPort: number | undefined };

export function portsOf({ port, tls }: Listen): Ports {
  return { port, tlsPort: tls?.listen?.port };
}

/** What was really bound. */
export function boundPorts({ url, tlsUrl }: Urls): Ports {
  return { port: portOf(url), tlsPort: tlsUrl === undefined ? undefined : portOf(tlsUrl) };
}

export function withPorts({ tls, ...listen }: Listen, { port, tlsPort }: Ports): Listen {
  if (tls?.listen === undefined || tlsPort === undefined) return { ...listen, port, ...(tls && { tls }) };
  return { ...listen, port, tls: { ...tls, listen: { ...tls.listen, port: tlsPort } } };
}

export function isSame(some: Urls, others: Urls): boolean {
  return some.url === others.url && some.tlsUrl === others.tlsUrl;
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return Number(port || (protocol === "https:" ? 443 : 80));
}
