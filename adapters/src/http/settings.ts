import type { GatewayLimits, PersistedOperations } from "@catalyst-node/core/model";

/** What clients may do at an endpoint, beside asking valid operations by POST. */
export type Doors = {
  readonly introspection: boolean;
  /** Answered by a page for browsers. */
  readonly graphiql: boolean;
  /** Never mutations. */
  readonly queriesByGet: boolean;
  /** Names of the schema in errors that resemble unknown ones. */
  readonly suggestions: boolean;
};

/** How an endpoint serves its schema. */
export type EndpointSettings = Doors & {
  /** For development: on a loopback address it answers to loopback names only. */
  readonly dev: boolean;
  readonly limits: GatewayLimits;
  readonly operations: PersistedOperations;
};
