import type { NodeConfig } from "../config/index.ts";

/** What an auth process is started with, as one text to be compared: two of the same text behave the same. */
export function authSettings({ log, auth }: Pick<NodeConfig, "log" | "auth">): string {
  const { issuer, listen, keyFile, passphraseFile, rotateEvery, publishAhead, maxTokenLifetime } = auth;
  const doors = [auth.rpc, auth.gatewayRpc].flatMap(({ address, secretFile, caller, tls }) => [
    address,
    secretFile,
    caller,
    tls?.caFile,
    tls?.certFile,
    tls?.keyFile,
  ]);
  const own = [issuer, listen, keyFile, passphraseFile, rotateEvery, publishAhead, maxTokenLifetime];
  return JSON.stringify([log.level, log.format, ...own, ...doors]);
}
