import { type Listen, parseListen, parseRpcAddress } from "../model/index.ts";
import type { Broken } from "./rule.ts";
import { type ParsedConfig, completeConfig } from "./schema.ts";

type Listener = readonly [key: string, listen: Listen];

/** Two listeners on one machine need two ports, unless the system chooses them. */
export function listenersDiffer(config: ParsedConfig): readonly Broken[] {
  const listeners = listenersOf(config);
  return listeners.flatMap(([key, listen], index) => {
    const other = listeners.slice(0, index).find(([, before]) => collide(before, listen));
    if (!other) return [];
    return [{ keys: [key, other[0]], message: `port ${listen.port} is already that of ${other[0]}` }];
  });
}

function listenersOf(config: ParsedConfig): readonly Listener[] {
  const { api, auth, gateway } = completeConfig(config);
  const own = [...listener("api.listen", api.listen)];
  // What is remote has a host of its own.
  if (gateway.embedded) {
    own.push(...listener("gateway.listen", gateway.listen));
    if (gateway.tls?.listen !== undefined) own.push(...listener("gateway.tls.listen", gateway.tls.listen));
    own.push(...rpcListener("gateway.rpc.address", gateway.rpc.address));
  }
  if (auth.mode === "embedded") {
    own.push(...listener("auth.listen", auth.listen));
    own.push(...rpcListener("auth.rpc.address", auth.rpc.address));
    // Both callers may share one address, which is then one listener (see rpc-rules.ts).
    if (auth.gatewayRpc.address !== auth.rpc.address)
      own.push(...rpcListener("auth.gatewayRpc.address", auth.gatewayRpc.address));
  }
  return own;
}

/** None where the address is wrong by itself. */
function listener(key: string, text: string): readonly Listener[] {
  const listen = parseListen(text);
  return typeof listen === "string" ? [] : [[key, listen]];
}

/** None of a unix socket. */
function rpcListener(key: string, text: string): readonly Listener[] {
  const address = parseRpcAddress(text);
  return typeof address === "object" && address.kind === "tcp" ? [[key, address.listen]] : [];
}

function collide(a: Listen, b: Listen): boolean {
  const everywhere = [a.host, b.host].some((host) => host === "0.0.0.0" || host === "::");
  return a.port !== 0 && a.port === b.port && (everywhere || a.host === b.host);
}
