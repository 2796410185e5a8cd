import { socketPathExcess } from "../model/index.ts";
import { authRules } from "./auth-rules.ts";
import { listenersDiffer } from "./listener-rules.ts";
import type { Broken, Rule } from "./rule.ts";
import { rpcRules } from "./rpc-rules.ts";
import type { ParsedConfig } from "./schema.ts";

/** Every rule between keys. To add one: write a small function and name it here. */
export const rules: readonly Rule[] = [
  { code: "CAT-CONFIG-014", check: fileSchemaNeedsFile },
  { code: "CAT-CONFIG-014", check: fileNeedsFileSchema },
  { code: "CAT-CONFIG-015", check: remoteGatewayNeedsAddress },
  { code: "CAT-CONFIG-017", check: socketsFitTheStateFolder },
  { code: "CAT-CONFIG-018", check: listenersDiffer },
  { code: "CAT-CONFIG-020", check: persistedOperationsNeedManifest },
  ...rpcRules,
  ...authRules,
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

function socketsFitTheStateFolder({ stateDir }: ParsedConfig): readonly Broken[] {
  // The longest name of a socket that a process of ours makes in the state folder.
  const message = socketPathExcess(`${stateDir}/auth-orchestrator.sock`);
  return message === undefined ? [] : [{ keys: ["stateDir"], message }];
}

function persistedOperationsNeedManifest({ gateway: { persistedOperations } }: ParsedConfig): readonly Broken[] {
  if (persistedOperations.mode === "off" || persistedOperations.manifestFile !== undefined) return [];
  const keys = ["gateway.persistedOperations.mode", "gateway.persistedOperations.manifestFile"] as const;
  const message = `"${persistedOperations.mode}" needs gateway.persistedOperations.manifestFile, the path of the manifest`;
  return [{ keys, message }];
}
