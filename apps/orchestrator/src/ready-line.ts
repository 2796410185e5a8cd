import type { Listener, Node } from "@catalyst-node/core/node";

/** What a ready node prints to stdout: a line for each process for a person, or one JSON document on one line. */
export function readyLine({ self, listeners, gateway, auth }: Node, output: "text" | "json"): string {
  const status = gateway.link.kind === "connected" ? gateway.link.status : undefined;
  const signer = auth?.link.kind === "connected" ? auth.link.status : undefined;
  const items = [
    { process: "orchestrator", pid: self.pid, listeners },
    ...(status === undefined ? [] : [{ process: "gateway", pid: status.pid, listeners: status.listeners }]),
    ...(signer === undefined ? [] : [{ process: "auth", pid: signer.pid, listeners: signer.listeners }]),
  ];
  if (output === "json") return `${JSON.stringify({ apiVersion: "catalyst/v1", kind: "Ready", items })}\n`;
  return items.map(({ process, listeners }) => `${process} ready: ${addresses(listeners)}\n`).join("");
}

function addresses(listeners: readonly Listener[]): string {
  return listeners.map(({ name, url }) => `${name} ${url}`).join(", ");
}
