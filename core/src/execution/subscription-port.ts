import type { ServiceAnswer } from "./service-port.ts";

/**
 * Opens a source stream at a service. A port, because how events travel (server-sent events, a
 * WebSocket, a generator in a test) is nobody's business but the adapter's.
 */
export interface SubscriptionPort {
  /**
   * The service's events in order, each a whole response. Ends when the service completes the
   * subscription; after whatever else ends it, a last `failed` says why. Never rejects, holds a
   * bounded number of events, and closes its connection when `signal` aborts or the iteration is
   * left.
   */
  subscribe(request: SubscriptionRequest, signal: AbortSignal): AsyncIterable<ServiceAnswer>;
}

export type SubscriptionRequest = {
  /** The subgraph's name in the supergraph. */
  readonly service: string;
  /** The whole request body, JSON text: `{"query":...,"variables":...}`. */
  readonly body: string;
  /** As given to subscribeOperation; the adapter passes on only those it allows. */
  readonly headers: Readonly<Record<string, string>>;
  /** A token of the gateway's own, for this service, which tells it who asks. The executor sets none. */
  readonly token?: string;
};
