import {
  type ServiceAnswer,
  type ServiceFailureCode,
  serviceFailures,
  type ServicePort,
  type ServiceRequest,
} from "@catalyst-node/core/execution";
import { type EndpointTable, parseTable, type Target } from "./endpoints.ts";
import { Pools } from "./pools.ts";
import { readResponse } from "./send-response.ts";
import { hasNotConnected, TryLimit } from "./send-try.ts";

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
    try {
      return await this.#sendToFirst(request, this.#targets.get(service) ?? [], signal);
    } finally {
      const left = (this.#inFlight.get(service) ?? 1) - 1;
      if (left > 0) this.#inFlight.set(service, left);
      else this.#inFlight.delete(service);
    }
  }

  /** The next endpoint is tried only when the one before never got the request. */
  async #sendToFirst(request: ServiceRequest, targets: readonly Target[], signal: AbortSignal): Promise<ServiceAnswer> {
    for (const target of targets) {
      const limit = new TryLimit(signal, this.#options.timeout);
      try {
        return await this.#try(request, target, limit.signal);
      } catch (error) {
        if (signal.aborted) return failed("REQUEST_ABORTED");
        if (limit.isOver) return failed("SERVICE_TIMEOUT");
        if (!hasNotConnected(error)) return failed("SERVICE_UNAVAILABLE");
      } finally {
        limit.end();
      }
    }
    return failed("SERVICE_UNAVAILABLE");
  }

  async #try({ body, headers }: ServiceRequest, { origin, path }: Target, signal: AbortSignal): Promise<ServiceAnswer> {
    const response = await this.#pools.request(origin, {
      method: "POST",
      path,
      headers: {
        ...allowed(headers),
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json;q=0.9",
      },
      body,
      signal,
    });
    return readResponse(response, this.#options.maxResponseBytes);
  }
}

/** What a client's request may hand on. Its identity never is: the gateway vouches for it by a token of its own. */
const allowedHeaders = ["traceparent", "tracestate", "x-request-id"];

function allowed(headers: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = allowedHeaders.flatMap((name) => {
    const value = headers[name];
    return value !== undefined && /^[\t\x20-\x7e]{1,512}$/.test(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function failed(code: ServiceFailureCode): ServiceAnswer {
  return { kind: "failed", code, message: serviceFailures[code].message };
}
