import type { NodeConfig } from "@catalyst-node/core/config";

/**
 * What V8 is told: young objects in 24 MiB a half. With 16 it takes 5 % more CPU for a small query, with 64 it holds
 * 50 to 110 MiB more (docs/benchmarks.md).
 */
export const gatewayNodeFlags = ["--max-semi-space-size=24"];

/** How an embedded gateway is started: its program with the flags; everything else it is told by RPC. */
export function gatewayCommand(
  [program, ...catalyst]: readonly [program: string, ...args: string[]],
  config: NodeConfig,
): readonly [program: string, args: readonly string[]] {
  return [program, [...gatewayNodeFlags, ...catalyst, ...gatewayArgs(config)]];
}

function gatewayArgs({ gateway, stateDir, log }: NodeConfig): readonly string[] {
  const { address, secretFile, tls } = gateway.rpc;
  const flags = {
    rpc: address.replace(/^https?:\/\//, ""),
    listen: gateway.listen,
    "tls-cert-file": gateway.tls?.certFile,
    "tls-key-file": gateway.tls?.keyFile,
    "tls-listen": gateway.tls?.listen,
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
