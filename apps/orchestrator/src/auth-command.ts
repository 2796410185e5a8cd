import type { NodeConfig } from "@catalyst-node/core/config";

/**
 * How an embedded auth is started: by flags alone. No file is read, and what this configuration does not set is unset
 * there, so that no variable says more; secrets go by the paths of their files.
 */
export function authCommand(
  [program, ...catalyst]: readonly [program: string, ...args: string[]],
  config: NodeConfig,
): readonly [program: string, args: readonly string[]] {
  return [program, [...catalyst, "auth", ...flagsOf(config), "--output", "json"]];
}

/** Parts of the configuration that auth has no use for, and whose rules must not hinder it. */
const others = ["api", "composition", "gateway", "services"];

function flagsOf({ organization, node, stateDir, log, auth }: NodeConfig): readonly string[] {
  const set: readonly Flag[] = [
    ["organization", organization],
    ["node", node],
    ["stateDir", stateDir],
    ["log.level", log.level],
    ["log.format", log.format],
    ["auth.mode", "embedded"],
    ["auth.issuer", auth.issuer],
    ["auth.listen", auth.listen],
    ["auth.keyFile", auth.keyFile],
    ["auth.passphraseFile", auth.passphraseFile],
    ["auth.rotateEvery", auth.rotateEvery === 0 ? "off" : `${auth.rotateEvery}ms`],
    ["auth.publishAhead", `${auth.publishAhead}ms`],
    ["auth.maxTokenLifetime", `${auth.maxTokenLifetime}ms`],
    ...rpcFlags("auth.rpc", auth.rpc),
    ...rpcFlags("auth.gatewayRpc", auth.gatewayRpc),
  ];
  return [
    "--config=",
    ...others.map((key) => `--unset=${key}`),
    ...set.map(([key, value]) => (value === undefined ? `--unset=${key}` : `--set=${key}=${value}`)),
  ];
}

type Flag = readonly [key: string, value: string | undefined];

function rpcFlags(key: string, { address, secretFile, caller, tls }: NodeConfig["auth"]["rpc"]): readonly Flag[] {
  return [
    [`${key}.address`, address],
    [`${key}.secretFile`, secretFile],
    [`${key}.caller`, caller],
    ...(tls === undefined
      ? [[`${key}.tls`, undefined] as const]
      : Object.entries(tls).map(([file, path]) => [`${key}.tls.${file}`, path] as const)),
  ];
}
