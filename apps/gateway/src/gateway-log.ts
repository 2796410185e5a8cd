import { createLogger, type Logger } from "@catalyst-node/adapters/log";
import type { Identity } from "@catalyst-node/core/model";
import type { GatewayOptions } from "./options.ts";

/** The log of a process of the gateway, which learns who it is only when it is configured. */
export function gatewayLog(
  options: GatewayOptions["log"],
  identity: () => Identity | undefined,
  fields: Readonly<Record<string, unknown>> = {},
): Logger {
  const bindings = () => {
    const { organization = "", node = "" } = identity() ?? {};
    return { process: "gateway", ...fields, organization, node };
  };
  return createLogger({ ...options, bindings });
}
