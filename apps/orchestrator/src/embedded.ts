import { hash } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Logger } from "@catalyst-node/adapters/log";
import type { NodeConfig } from "@catalyst-node/core/config";
import { countWorkers, ok, type Result } from "@catalyst-node/core/model";
import { authStrangeness, type Event, strangeness } from "@catalyst-node/core/node";
import { authSettings } from "@catalyst-node/core/trust";
import { authCommand } from "./auth-command.ts";
import type { AuthLink } from "./auth-link.ts";
import { gatewayCommand } from "./gateway-command.ts";
import type { GatewayLink } from "./gateway-link.ts";
import type { HeadStart } from "./head-start.ts";
import { type Found, SidecarProcess } from "./sidecar.ts";
import { version } from "./version.ts";

export type EmbeddedOptions = {
  readonly config: NodeConfig;
  readonly catalyst: readonly [program: string, ...args: string[]];
  readonly head: HeadStart;
  readonly post: (event: Event) => void;
  readonly log: Logger;
};

/** What auth may take to end by itself, in milliseconds: it only finishes what it writes. */
const authDrainMs = 3_000;

/** The gateway as a child of this process. */
export function embeddedGateway(options: EmbeddedOptions, link: GatewayLink): SidecarProcess {
  const { config, catalyst } = options;
  const { organization, node, gateway } = config;
  const workers = countWorkers(gateway.workers, availableParallelism());
  const ours = { version, organization, node, listen: gateway.listen, tls: gateway.tls, workers };
  return new SidecarProcess({
    ...options,
    name: "gateway",
    address: gateway.rpc.address,
    command: gatewayCommand(catalyst, config),
    drainMs: gateway.drainTimeout,
    probe: async () => found(await link.probe(), (status) => strangeness(status, ours)),
    hurry: () => link.hurry(),
  });
}

/** Auth as a child of this process. */
export function embeddedAuth(options: EmbeddedOptions, link: AuthLink): SidecarProcess {
  const { config, catalyst } = options;
  const { organization, node, auth } = config;
  const settingsDigest = hash("sha256", authSettings(config));
  const ours = { version, organization, node, issuer: auth.issuer, listen: auth.listen, settingsDigest };
  return new SidecarProcess({
    ...options,
    name: "auth",
    address: auth.rpc.address,
    command: authCommand(catalyst, config),
    drainMs: authDrainMs,
    probe: async () => found(await link.probe(), (status) => authStrangeness(status, ours)),
    hurry: () => link.hurry(),
  });
}

function found<Status extends { readonly pid: number }>(
  probed: Result<Status>,
  judge: (status: Status) => Found["strange"],
): Result<Found> {
  return probed.ok ? ok({ pid: probed.value.pid, strange: judge(probed.value) }) : probed;
}
