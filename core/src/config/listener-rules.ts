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
  const { api, auth, gateway } = config;
  const rpc = completeConfig(config);
  const own: (readonly [string, Listen | string] | undefined)[] = [["api.listen", parseListen(api.listen)]];
  // What is remote has a host of its own.
  if (gateway.embedded) {
    own.push(["gateway.listen", parseListen(gateway.listen)]);
    if (gateway.tls?.listen !== undefined) own.push(["gateway.tls.listen", parseListen(gateway.tls.listen)]);
    own.push(tcpListener("gateway.rpc.address", rpc.gateway.rpc.address));
  }
  if (auth.mode === "embedded") {
    own.push(["auth.listen", parseListen(auth.listen)]);
    own.push(tcpListener("auth.rpc.address", rpc.auth.rpc.address));
    // Both callers may share one address, which is then one listener (see rpc-rules.ts).
    if (auth.gatewayRpc.address !== auth.rpc.address)
      own.push(tcpListener("auth.gatewayRpc.address", rpc.auth.gatewayRpc.address));
  }
  return own.flatMap((listener) => {
    if (listener === undefined) return [];
    const [key, listen] = listener;
    return typeof listen === "string" ? [] : [[key, listen] as const];
  });
}

function tcpListener(key: string, text: string): Listener | undefined {
  const address = parseRpcAddress(text);
  return typeof address === "object" && address.kind === "tcp" ? [key, address.listen] : undefined;
}

function collide(a: Listen, b: Listen): boolean {
  const everywhere = [a.host, b.host].some((host) => host === "0.0.0.0" || host === "::");
  return a.port !== 0 && a.port === b.port && (everywhere || a.host === b.host);
}
