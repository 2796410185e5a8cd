import { parseRpcAddress } from "../model/index.ts";
import type { Broken, Rule } from "./rule.ts";
import type { ParsedConfig } from "./schema.ts";

type Rpc = ParsedConfig["gateway"]["rpc"] & { readonly caller?: string | undefined };

/** Each RPC between processes of the node, by its key, with what anybody could do who reached it. */
const rpcs = [
  { key: "gateway.rpc", could: "could configure the gateway", of: ({ gateway }: ParsedConfig): Rpc => gateway.rpc },
  { key: "auth.rpc", could: "could have any token signed", of: ({ auth }: ParsedConfig): Rpc => auth.rpc },
  { key: "auth.gatewayRpc", could: "could have tokens signed", of: ({ auth }: ParsedConfig): Rpc => auth.gatewayRpc },
] as const;

/** What must hold of each RPC by itself, and between auth's two. */
export const rpcRules: readonly Rule[] = [
  { code: "CAT-CONFIG-016", check: tcpNeedsCredential },
  { code: "CAT-CONFIG-016", check: tlsNeedsHttps },
  { code: "CAT-CONFIG-023", check: tlsNeedsCaller },
  { code: "CAT-CONFIG-023", check: callerNeedsTls },
  { code: "CAT-CONFIG-024", check: callersDiffer },
];

function tcpNeedsCredential(config: ParsedConfig): readonly Broken[] {
  return rpcs.flatMap(({ key, could, of }): readonly Broken[] => {
    const { address: text, secretFile, tls } = of(config);
    const address = parseRpcAddress(text ?? "");
    if (typeof address === "string" || address.kind === "unix") return [];
    if (secretFile !== undefined || tls !== undefined) return [];
    const message =
      `on TCP, loopback included, anybody ${could}; ` +
      `set ${key}.secretFile, or ${key}.tls with https, or use unix:PATH`;
    return [{ keys: [`${key}.address`, `${key}.secretFile`, `${key}.tls`], message }];
  });
}

function tlsNeedsHttps(config: ParsedConfig): readonly Broken[] {
  return rpcs.flatMap(({ key, of }): readonly Broken[] => {
    const { address, tls } = of(config);
    if (tls === undefined || address?.startsWith("https:")) return [];
    const message = `${key}.tls is set, so the address must begin with "https://"`;
    return [{ keys: [`${key}.tls`, `${key}.address`], message }];
  });
}

function tlsNeedsCaller({ auth }: ParsedConfig): readonly Broken[] {
  return authRpcs.flatMap((name): readonly Broken[] => {
    const { tls, caller } = auth[name];
    if (tls === undefined || caller !== undefined) return [];
    const message = `whom auth lets in by a certificate is said by auth.${name}.caller, a name of its subjectAltName`;
    return [{ keys: [`auth.${name}.tls`, `auth.${name}.caller`], message }];
  });
}

function callerNeedsTls({ auth }: ParsedConfig): readonly Broken[] {
  return authRpcs.flatMap((name): readonly Broken[] => {
    const { tls, caller } = auth[name];
    if (tls !== undefined || caller === undefined) return [];
    const message = `names a certificate, and there is none without auth.${name}.tls`;
    return [{ keys: [`auth.${name}.caller`, `auth.${name}.tls`], message }];
  });
}

/** One address serves both callers only where their certificates tell them apart. */
function callersDiffer({ auth: { rpc, gatewayRpc } }: ParsedConfig): readonly Broken[] {
  // With port 0 the system chooses two.
  if (rpc.address === undefined || rpc.address !== gatewayRpc.address || rpc.address.endsWith(":0")) return [];
  if (rpc.tls !== undefined && gatewayRpc.tls !== undefined && rpc.caller !== gatewayRpc.caller) return [];
  const message =
    "is also auth.rpc.address, and there nothing tells the gateway from the orchestrator; " +
    "give it an address of its own, or both tls and a caller of its own";
  return [{ keys: ["auth.gatewayRpc.address", "auth.rpc.address"], message }];
}

const authRpcs = ["rpc", "gatewayRpc"] as const;
