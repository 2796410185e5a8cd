import type { NodeConfig } from "@catalyst-node/core/config";

/** The flags that an embedded gateway is started with; everything else it is told by RPC. */
export function gatewayArgs({ gateway, stateDir, log }: NodeConfig): readonly string[] {
  const { address, secretFile, tls } = gateway.rpc;
  const flags = {
    rpc: address.replace(/^https?:\/\//, ""),
    listen: gateway.listen,
    workers: String(gateway.workers),
    "state-dir": stateDir,
    "drain-timeout": `${gateway.drainTimeout}ms`,
    "log-level": log.level,
    "log-format": log.format,
    output: "json",
    "rpc-secret-file": secretFile,
    "rpc-tls-ca-file": tls?.caFile,
    "rpc-tls-cert-file": tls?.certFile,
    "rpc-tls-key-file": tls?.keyFile,
  };
  return [
    "gateway",
    ...Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, value])),
  ];
}
