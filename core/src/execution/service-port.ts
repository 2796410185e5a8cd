/**
 * Sends one operation to one service. A port, because how a service is reached (a pool of
 * connections, an egress proxy, a function in a test) is nobody's business but the adapter's.
 */
export interface ServicePort {
  /**
   * Never rejects: what went wrong is an answer too. Settles soon after `signal` aborts, and by a
   * deadline of its own, because the executor waits for it.
   */
  send(request: ServiceRequest, signal: AbortSignal): Promise<ServiceAnswer>;
}

export type ServiceRequest = {
  /** The subgraph's name in the supergraph. */
  readonly service: string;
  /** Only a query may ever be tried twice. */
  readonly kind: "query" | "mutation";
  /** The whole request body, JSON text: `{"query":...,"variables":...}`. */
  readonly body: string;
  /** As given to executeOperation; the adapter passes on only those it allows. */
  readonly headers: Readonly<Record<string, string>>;
};

export type ServiceAnswer =
  /** The parsed JSON of the response, not yet looked at. */
  | { readonly kind: "answered"; readonly payload: unknown }
  | { readonly kind: "failed"; readonly code: ServiceFailureCode; readonly message: string };

/**
 * `extensions.code` of a GraphQL error that the gateway itself tells about a service. Clients may
 * branch on these; messages are for people and name neither URL nor address.
 */
export const serviceFailures = {
  SERVICE_UNAVAILABLE: "The service has no endpoint, refuses connections or answers 502, 503 or 504.",
  SERVICE_TIMEOUT: "The service did not answer within the time for one try.",
  SERVICE_BAD_RESPONSE: "The service answered something that is not a GraphQL response of the promised shape.",
  SERVICE_NULL: "A service answered null, or did not know the entity, where the schema promises a value.",
  SERVICE_ERROR: "The service reported an error without a code of its own.",
  REQUEST_ABORTED: "The request ended, by its deadline or because the client left, before the service answered.",
} as const satisfies Readonly<Record<string, string>>;

export type ServiceFailureCode = keyof typeof serviceFailures;
