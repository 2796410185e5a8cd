import { type ConfigFile, loadConfig, type NodeConfig } from "../../config/index.ts";
import type { Learned, Self } from "../state.ts";

export const nothingLearned: Learned = { epoch: 0, services: [] };

export const self: Self = { instanceId: "orchestrator-1", version: "0.1.0", pid: 1, startedAt: 0 };

/** As a file of these services has it, all else by default. */
export function nodeConfig(services: readonly string[], embedded = true): NodeConfig {
  const remote = { embedded, rpc: { address: "unix:.catalyst/gateway.sock" } };
  return configOf({ ...filed(services), ...(embedded ? {} : { gateway: remote }) });
}

/** The same with an auth sidecar, and a gateway that wants tokens. */
export function guardedConfig(
  services: readonly string[],
  { auth = {}, gateway = {} }: Pick<ConfigFile, "auth" | "gateway"> = {},
): NodeConfig {
  return configOf({
    ...filed(services),
    auth: { mode: "embedded", ...auth },
    gateway: { auth: { mode: "required" }, ...gateway },
  });
}

function filed(services: readonly string[]): ConfigFile {
  return {
    organization: "acme",
    node: "west",
    services: services.map((name) => ({ name, url: `http://${name}.example/graphql` })),
  };
}

function configOf(file: ConfigFile): NodeConfig {
  const loaded = loadConfig({ env: {}, flags: [], file: { name: "catalyst.json", text: JSON.stringify(file) } });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("; "));
  return loaded.value.config;
}
