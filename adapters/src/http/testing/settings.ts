import { defaultGatewayLimits, type GatewayLimits, noPersistedOperations } from "@catalyst-node/core/model";
import type { EndpointSettings } from "../settings.ts";

/** All doors open, or none. */
export function settingsOf(dev: boolean, limits: GatewayLimits = defaultGatewayLimits): EndpointSettings {
  const operations = noPersistedOperations;
  return { dev, introspection: dev, graphiql: dev, queriesByGet: dev, suggestions: dev, limits, operations };
}
