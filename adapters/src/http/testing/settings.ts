import { defaultGatewayLimits, type GatewayLimits, noPersistedOperations } from "@catalyst-node/core/model";
import type { Vetting } from "../authenticate.ts";
import type { EndpointSettings } from "../settings.ts";

/** All doors open, or none. */
export function settingsOf(dev: boolean, limits: GatewayLimits = defaultGatewayLimits): EndpointSettings {
  const operations = noPersistedOperations;
  return { dev, introspection: dev, graphiql: dev, queriesByGet: dev, suggestions: dev, limits, operations };
}

/** Everybody is answered, and nobody is known. */
export const noVetting: Vetting = { isOff: true, vet: () => undefined, isStanding: () => true };
