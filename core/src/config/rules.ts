import { type Listen, parseListen, parseRpcAddress, socketPathExcess } from "../model/index.ts";
import type { ConfigProblemCode } from "./problems.ts";
import { type ParsedConfig, completeConfig } from "./schema.ts";

/** What is wrong between keys. The first key is blamed; a rule is silent when one of its keys is wrong by itself. */
type Broken = { readonly keys: readonly [string, ...string[]]; readonly message: string };

/** One rule: what must hold between keys that are each valid by themselves. */
export type Rule = { readonly code: ConfigProblemCode; readonly check: (config: ParsedConfig) => readonly Broken[] };

/** Every rule between keys. To add one: write a small function and name it here. */
export const rules: readonly Rule[] = [
  { code: "CAT-CONFIG-014", check: fileSchemaNeedsFile },
  { code: "CAT-CONFIG-014", check: fileNeedsFileSchema },
  { code: "CAT-CONFIG-015", check: remoteGatewayNeedsAddress },
  { code: "CAT-CONFIG-016", check: tcpNeedsCredential },
  { code: "CAT-CONFIG-016", check: tlsNeedsHttps },
  { code: "CAT-CONFIG-017", check: socketsFitTheStateFolder },
  { code: "CAT-CONFIG-018", check: listenersDiffer },
  { code: "CAT-CONFIG-020", check: persistedOperationsNeedManifest },
];

function fileSchemaNeedsFile({ services }: ParsedConfig): readonly Broken[] {
  return services
    .filter(({ schema }) => schema.from === "file" && schema.file === undefined)
    .map(({ name }) => ({
      keys: [`services[${name}].schema.from`, `services[${name}].schema.file`],
      message: `"file" needs services[${name}].schema.file, the path of the schema`,
    }));
}

function fileNeedsFileSchema({ services }: ParsedConfig): readonly Broken[] {
  return services
    .filter(({ schema }) => schema.from !== "file" && schema.file !== undefined)
    .map(({ name, schema }) => ({
      keys: [`services[${name}].schema.file`, `services[${name}].schema.from`],
      message: `is not read while schema.from is "${schema.from}"; set schema.from to "file" or remove it`,
    }));
}

function remoteGatewayNeedsAddress({ gateway }: ParsedConfig): readonly Broken[] {
  if (gateway.embedded || gateway.rpc.address !== undefined) return [];
  const message = "a gateway that is not embedded needs gateway.rpc.address, where it takes its configuration";
  return [{ keys: ["gateway.embedded", "gateway.rpc.address"], message }];
}

function tcpNeedsCredential({ gateway: { rpc } }: ParsedConfig): readonly Broken[] {
  const address = parseRpcAddress(rpc.address ?? "");
  if (typeof address === "string" || address.kind === "unix") return [];
  if (rpc.secretFile !== undefined || rpc.tls !== undefined) return [];
  const message =
    "on TCP, loopback included, anybody could configure the gateway; " +
    "set gateway.rpc.secretFile, or gateway.rpc.tls with https, or use unix:PATH";
  return [{ keys: ["gateway.rpc.address", "gateway.rpc.secretFile", "gateway.rpc.tls"], message }];
}

function tlsNeedsHttps({ gateway: { rpc } }: ParsedConfig): readonly Broken[] {
  if (rpc.tls === undefined || rpc.address?.startsWith("https:")) return [];
  const message = `gateway.rpc.tls is set, so the address must begin with "https://"`;
  return [{ keys: ["gateway.rpc.tls", "gateway.rpc.address"], message }];
}

function socketsFitTheStateFolder({ stateDir }: ParsedConfig): readonly Broken[] {
  // The longest name of a socket that a process of ours makes in the state folder.
  const message = socketPathExcess(`${stateDir}/auth-orchestrator.sock`);
  return message === undefined ? [] : [{ keys: ["stateDir"], message }];
}

function listenersDiffer(config: ParsedConfig): readonly Broken[] {
  const listeners = listenersOf(config);
  return listeners.flatMap(([key, listen], index) => {
    const other = listeners.slice(0, index).find(([, before]) => collide(before, listen));
    if (!other) return [];
    return [{ keys: [key, other[0]], message: `port ${listen.port} is already that of ${other[0]}` }];
  });
}

function persistedOperationsNeedManifest({ gateway: { persistedOperations } }: ParsedConfig): readonly Broken[] {
  if (persistedOperations.mode === "off" || persistedOperations.manifestFile !== undefined) return [];
  const keys = ["gateway.persistedOperations.mode", "gateway.persistedOperations.manifestFile"] as const;
  const message = `"${persistedOperations.mode}" needs gateway.persistedOperations.manifestFile, the path of the manifest`;
  return [{ keys, message }];
}

function listenersOf(config: ParsedConfig): readonly (readonly [string, Listen])[] {
  const { api, gateway } = config;
  const rpc = parseRpcAddress(completeConfig(config).gateway.rpc.address);
  const own: [string, Listen | string][] = [["api.listen", parseListen(api.listen)]];
  // A remote gateway has a host of its own.
  if (gateway.embedded) {
    own.push(["gateway.listen", parseListen(gateway.listen)]);
    if (gateway.tls?.listen !== undefined) own.push(["gateway.tls.listen", parseListen(gateway.tls.listen)]);
    if (typeof rpc === "object" && rpc.kind === "tcp") own.push(["gateway.rpc.address", rpc.listen]);
  }
  return own.flatMap(([key, listen]) => (typeof listen === "string" ? [] : [[key, listen] as const]));
}

function collide(a: Listen, b: Listen): boolean {
  const everywhere = [a.host, b.host].some((host) => host === "0.0.0.0" || host === "::");
  return a.port !== 0 && a.port === b.port && (everywhere || a.host === b.host);
}
