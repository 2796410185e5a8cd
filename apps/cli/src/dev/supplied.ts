import type { LoadedConfig, NodeConfig } from "@catalyst-node/core/config";
import type { Supplied } from "../config-options.ts";
import { type Example, type ExampleName, exampleMain, exampleNames } from "./examples.ts";

const command = "catalyst dev";

const values = {
  organization: "dev",
  node: "local",
  stateDir: ".catalyst/dev",
  log: { level: "warn" },
  gateway: { mode: "dev" },
} as const;

/** The same as flags, for the help to tell. */
export const suppliedFlags: Readonly<Record<string, string>> = {
  "--organization": values.organization,
  "--node": values.node,
  "--state-dir": values.stateDir,
  "--log-level": values.log.level,
  "--gateway-mode": values.gateway.mode,
};

/** What `catalyst dev` sets beneath file, environment and flags: a node of its own, open for exploring. */
export function suppliedConfig(listen: Readonly<Record<ExampleName, string>>): Supplied {
  const services = exampleNames.map((name) => ({ name, url: `http://${listen[name]}/graphql` }));
  return { command, values: { ...values, services } };
}

/** The examples that are to run: those whose URL is still ours. One that was redirected or unset is the user's. */
export function examplesOf(
  { config, origins }: LoadedConfig,
  listen: Readonly<Record<ExampleName, string>>,
): readonly Example[] {
  const configured = new Set(config.services.map(({ name }) => name));
  return exampleNames
    .filter((name) => configured.has(name) && origins.get(`services[${name}].url`)?.kind === "command")
    .map((name) => ({ name, listen: listen[name], main: exampleMain(name) }));
}

/** The configuration with the addresses that were really bound, for examples that listen on port 0. */
export function withBoundUrls(config: NodeConfig, bound: ReadonlyMap<string, string | undefined>): NodeConfig {
  const services = config.services.map((service) => ({ ...service, url: bound.get(service.name) ?? service.url }));
  return { ...config, services };
}
