import type { ServiceAnswer, ServicePort, ServiceRequest } from "@catalyst-node/core/execution";
import { type EndpointTable, parseTable, type Target } from "./endpoints.ts";
import { allowed } from "./headers.ts";
import { Pools } from "./pools.ts";
import { Exchange } from "./send-exchange.ts";
import { failed } from "./send-response.ts";

/** GraphQL over HTTP to the services of a supergraph. */
export interface HttpServicePort extends ServicePort, AsyncDisposable {
  /** Takes effect for the next request; what is in flight to an endpoint that is gone ends in peace. */
  setEndpoints(table: EndpointTable): void;
}

export type ServicePortOptions = {
  /** In ms. Default 1,000. */
  readonly connectTimeout?: number;
  /** For one try from its start to the last byte, in ms. Default 3,000. */
  readonly timeout?: number;
  /** Of one response's body. Default 5 MiB. */
  readonly maxResponseBytes?: number;
  /** To one origin. Default 64. */
  readonly connections?: number;
  /** Requests to one service in flight; more are refused with SERVICE_UNAVAILABLE. Default 1,024. */
  readonly maxInFlight?: number;
};

export function createServicePort(options: ServicePortOptions = {}): HttpServicePort {
  return new UndiciServicePort({
    connectTimeout: 1_000,
    timeout: 3_000,
    maxResponseBytes: 5 * 1024 * 1024,
    connections: 64,
    maxInFlight: 1_024,
    ...options,
  });
}

class UndiciServicePort implements HttpServicePort {
  readonly #options: Required<ServicePortOptions>;
  readonly #pools: Pools;
  readonly #inFlight = new Map<string, number>();
  #targets: ReadonlyMap<string, readonly Target[]> = new Map();

  constructor(options: Required<ServicePortOptions>) {
    this.#options = options;
    const { connectTimeout, timeout, connections } = options;
    this.#pools = new Pools({ connectTimeout, idleTimeout: timeout, connections });
  }

  setEndpoints(table: EndpointTable): void {
    this.#targets = parseTable(table);
    this.#pools.keep(new Set([...this.#targets.values()].flatMap((targets) => targets.map(({ origin }) => origin))));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pools[Symbol.asyncDispose]();
  }

  async send(request: ServiceRequest, signal: AbortSignal): Promise<ServiceAnswer> {
    const { service } = request;
    const inFlight = this.#inFlight.get(service) ?? 0;
    if (inFlight >= this.#options.maxInFlight) return failed("SERVICE_UNAVAILABLE");
    this.#inFlight.set(service, inFlight + 1);
    const answer = await this.#sendToFirst(request, this.#targets.get(service) ?? [], signal);
    const left = (this.#inFlight.get(service) ?? 1) - 1;
    if (left > 0) this.#inFlight.set(service, left);
    else this.#inFlight.delete(service);
    return answer;
  }

  /** The next endpoint is tried only when the one before never got the request. */
  async #sendToFirst(request: ServiceRequest, targets: readonly Target[], signal: AbortSignal): Promise<ServiceAnswer> {
    const { timeout, maxResponseBytes: maxBytes } = this.#options;
    for (const { origin, path } of targets) {
      const exchange = new Exchange(signal, { timeout, maxBytes });
      const headers = { ...allowed(request.headers), ...ownHeaders };
      this.#pools.dispatch(origin, { method: "POST", path, headers, body: request.body }, exchange);
      const how = await exchange.ended;
      if (how.kind !== "notConnected") return how;
    }
    return failed("SERVICE_UNAVAILABLE");
  }
}

const ownHeaders = {
  "content-type": "application/json",
  accept: "application/graphql-response+json, application/json;q=0.9",
};
