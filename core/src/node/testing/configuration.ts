import { type ConfigFile, loadConfig, type NodeConfig } from "../../config/index.ts";
import type { Learned, Self } from "../state.ts";

export const nothingLearned: Learned = { epoch: 0, services: [] };

export const self: Self = { instanceId: "orchestrator-1", version: "0.1.0", pid: 1, startedAt: 0 };

/** As a file of these services has it, all else by default. */
export function nodeConfig(services: readonly string[], embedded = true): NodeConfig {
  const file: ConfigFile = {
    organization: "acme",
    node: "west",
    ...(embedded ? {} : { gateway: { embedded, rpc: { address: "unix:.catalyst/gateway.sock" } } }),
    services: services.map((name) => ({ name, url: `http://${name}.example/graphql` })),
  };
  const loaded = loadConfig({ env: {}, flags: [], file: { name: "catalyst.json", text: JSON.stringify(file) } });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join("; "));
  return loaded.value.config;
}
