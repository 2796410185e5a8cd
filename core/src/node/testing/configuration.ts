import type { NodeConfig, ServiceConfig } from "../../config/index.ts";
import type { Learned, Self } from "../state.ts";

export const nothingLearned: Learned = { epoch: 0, services: [] };

export const self: Self = { instanceId: "orchestrator-1", version: "0.1.0", pid: 1, startedAt: 0 };

function serviceConfig(name: string): ServiceConfig {
  return {
    name,
    url: `http://${name}.example/graphql`,
    export: false,
    subscriptions: { protocol: "sse" },
    schema: { from: "auto", interval: 30_000, timeout: 5_000, maxBytes: 4_194_304 },
  };
}

export function nodeConfig(services: readonly string[], embedded = true): NodeConfig {
  return {
    organization: "acme",
    node: "west",
    stateDir: ".catalyst",
    log: { level: "info", format: "auto" },
    api: { listen: "127.0.0.1:4100" },
    gateway: {
      mode: "production",
      serviceErrors: "auto",
      listen: "127.0.0.1:4000",
      drainTimeout: 10_000,
      embedded,
      workers: 1,
      rpc: { address: "unix:.catalyst/gateway.sock" },
    },
    composition: { timeout: 10_000, maxMemory: 536_870_912 },
    services: services.map(serviceConfig),
  };
}
