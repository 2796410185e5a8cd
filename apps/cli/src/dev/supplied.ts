import type { LoadedConfig, NodeConfig } from "@catalyst-node/core/config";
import type { Supplied } from "../config-options.ts";
import { type Example, type ExampleName, exampleMain, exampleNames } from "./examples.ts";

const command = "catalyst dev";

const values = {
  organization: "dev",
  node: "local",
  stateDir: ".catalyst/dev",
  log: { level: "warn" },
  auth: { mode: "embedded" },
  gateway: {
    mode: "dev",
    // GraphiQL has no token; a bad one is refused.
    auth: { mode: "optional" },
    // What is made in the state folder, which may be another than this one.
    tls: {
      certFile: ".catalyst/dev/tls/localhost.pem",
      keyFile: ".catalyst/dev/tls/localhost-key.pem",
      listen: "127.0.0.1:4400",
    },
  },
} as const;

/** The same as flags, for the help to tell. */
export const suppliedFlags: Readonly<Record<string, string>> = {
  "--organization": values.organization,
  "--node": values.node,
  "--state-dir": values.stateDir,
  "--log-level": values.log.level,
  "--auth-mode": values.auth.mode,
  "--gateway-mode": values.gateway.mode,
  "--gateway-auth-mode": values.gateway.auth.mode,
  "--gateway-tls-cert-file": "<stateDir>/tls/localhost.pem",
  "--gateway-tls-key-file": "<stateDir>/tls/localhost-key.pem",
  "--gateway-tls-listen": values.gateway.tls.listen,
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

/** Whether HTTPS is to be served by a certificate of our own making. */
export function wantsCertificate({ config: { gateway }, origins }: LoadedConfig): boolean {
  const keys = ["gateway.tls.certFile", "gateway.tls.keyFile"];
  return gateway.embedded && keys.every((key) => origins.get(key)?.kind === "command");
}

/** The configuration with the files that were really made. */
export function withCertificate(
  config: NodeConfig,
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
): NodeConfig {
  const { tls, ...gateway } = config.gateway;
  return { ...config, gateway: { ...gateway, ...(tls && { tls: { ...tls, certFile, keyFile } }) } };
}

/** The configuration with the addresses that were really bound, for examples that listen on port 0. */
export function withBoundUrls(config: NodeConfig, bound: ReadonlyMap<string, string | undefined>): NodeConfig {
  const services = config.services.map((service) => ({ ...service, url: bound.get(service.name) ?? service.url }));
  return { ...config, services };
}
