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
  /** A token of the gateway's own, for this service, which tells it who asks. The executor sets none. */
  readonly token?: string;
};

export type ServiceAnswer =
  /**
   * The parsed JSON of the response, not yet looked at. `bytes`: all of its text in UTF-8, where the response is a
   * success; it may be parsed when somebody asks for the payload, which is undefined when it is no JSON.
   */
  | { readonly kind: "answered"; readonly payload: unknown; readonly bytes?: Uint8Array | undefined }
  | { readonly kind: "failed"; readonly code: ServiceFailureCode; readonly message: string };

/**
 * `extensions.code` of a GraphQL error that the gateway itself tells about a service. Clients may
 * branch on these. The message is what they read: it names neither URL nor address.
 */
export const serviceFailures = {
  SERVICE_UNAVAILABLE: {
    message: "The service cannot be reached.",
    cause:
      "It has no endpoint, refuses connections, breaks them off, has too much in flight, answers 502, 503 or 504, or has failed again and again and is left alone for a while.",
  },
  SERVICE_TIMEOUT: {
    message: "The service did not answer in time.",
    cause: "One try took longer than it may.",
  },
  SERVICE_BAD_RESPONSE: {
    message: "The service did not answer as its schema promises.",
    cause: "It answered no GraphQL response, too long a one, or values of other types than its schema has.",
  },
  SERVICE_NULL: {
    message: "The service answered null where its schema promises a value.",
    cause: "A field that must not be null was null, or belongs to an entity that its service does not know.",
  },
  SERVICE_ERROR: {
    message: "The service reported an error.",
    cause: "It told an error without a code of its own.",
  },
  SUBSCRIBER_TOO_SLOW: {
    message: "Events came faster than they were taken; the subscription has ended.",
    cause:
      "More events of one subscription wait than may, because its client or the services that complete them are slow.",
  },
  AUTH_UNAVAILABLE: {
    message: "The service wants to know who asks, and cannot be told at this moment.",
    cause:
      "It has subjectToken on, and auth, which signs what it is told, does not answer; the tokens that it signed before have expired.",
  },
  REQUEST_ABORTED: {
    message: "The request ended before the service answered.",
    cause: "Its deadline passed, or the client left.",
  },
} as const satisfies Readonly<Record<string, { readonly message: string; readonly cause: string }>>;

export type ServiceFailureCode = keyof typeof serviceFailures;
