import type { ServiceAnswer, ServicePort, ServiceRequest } from "@catalyst-node/core/execution";
import { defaultUpstreamLimits, type UpstreamCounters, type UpstreamLimits } from "@catalyst-node/core/model";
import { Breaker, type BreakerStatus } from "./breaker.ts";
import { type EndpointTable, parseTable, type Target } from "./endpoints.ts";
import { fieldsOf } from "./headers.ts";
import { Connections } from "./http1/connections.ts";
import { Deadlines } from "./http1/deadlines.ts";
import { RetryBudget } from "./retry-budget.ts";
import type { Route } from "./route.ts";
import { Exchange } from "./send-exchange.ts";
import { failed } from "./send-response.ts";
import type { ExchangeLimits, Load } from "./sending.ts";

/** GraphQL over HTTP to the services of a supergraph. */
export interface HttpServicePort extends ServicePort, AsyncDisposable {
  /** Takes effect for the next request; what is in flight to an endpoint that is gone ends in peace. */
  setEndpoints(table: EndpointTable): void;
  /** Takes effect for the next request. */
  setLimits(limits: UpstreamLimits): void;
  /** How it stands with each endpoint of the table. */
  readonly breakers: readonly BreakerStatus[];
  readonly counters: UpstreamCounters;
}

/** Until others are set: core/model's defaults. */
export type ServicePortOptions = Partial<UpstreamLimits> & {
  /** To one origin. Default 64. */
  readonly connections?: number;
  /** Hears of each endpoint that is given up, tried again, and asked again as before. */
  readonly onBreaker?: (status: BreakerStatus) => void;
};

export function createServicePort({ connections, onBreaker, ...limits }: ServicePortOptions = {}): HttpServicePort {
  return new Http1ServicePort({ ...defaultUpstreamLimits, ...limits }, connections ?? 64, onBreaker);
}

/** A service with its endpoints, in order of preference. */
type Service = { readonly routes: readonly Route[]; readonly load: Load };

class Http1ServicePort implements HttpServicePort {
  readonly #connections: number;
  readonly #onBreaker: ServicePortOptions["onBreaker"];
  #limits: ExchangeLimits;
  #connecting: Deadlines;
  readonly #origins = new Map<string, Connections>();
  /** Whose last answers are still to come. */
  readonly #closing = new Set<Connections>();
  #services: ReadonlyMap<string, Service> = new Map();
  readonly #counters = {
    retries: 0,
    retriesDenied: 0,
    breakerOpened: 0,
    refusedByBreaker: 0,
    refusedByConcurrency: 0,
  };

  constructor(limits: UpstreamLimits, connections: number, onBreaker: ServicePortOptions["onBreaker"]) {
    this.#connections = connections;
    this.#onBreaker = onBreaker;
    this.#limits = this.#ofExchanges(limits);
    this.#connecting = new Deadlines(limits.connectTimeout);
  }

  get breakers(): readonly BreakerStatus[] {
    return [...this.#services.values()].flatMap(({ routes }) => routes.map(({ breaker }) => breaker.status));
  }

  get counters(): UpstreamCounters {
    return { ...this.#counters };
  }

  setLimits(limits: UpstreamLimits): void {
    this.#limits = this.#ofExchanges(limits);
    this.#connecting = new Deadlines(limits.connectTimeout);
    for (const connections of this.#origins.values()) connections.setConnecting(this.#connecting);
  }

  setEndpoints(table: EndpointTable): void {
    const before = this.#services;
    this.#services = new Map(
      Array.from(parseTable(table), ([name, targets]) => {
        const former = before.get(name);
        const routes = targets.map((target) => ({
          head: headOf(target),
          connections: this.#connectionsTo(target),
          breaker: former?.routes.find(({ head }) => head === headOf(target))?.breaker ?? this.#breaker(name, target),
        }));
        // What is in flight by the former table counts, and is counted down, all the same.
        return [
          name,
          { routes, load: former?.load ?? { inFlight: 0, waiting: 0, budget: new RetryBudget() } },
        ] as const;
      }),
    );
    const used = new Set(
      [...this.#services.values()].flatMap(({ routes }) => routes.map((route) => route.connections)),
    );
    for (const [origin, connections] of this.#origins) {
      if (used.has(connections)) continue;
      this.#origins.delete(origin);
      connections.close();
      this.#closing.add(connections);
    }
    for (const connections of this.#closing) if (connections.isEmpty) this.#closing.delete(connections);
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const connections of [...this.#origins.values(), ...this.#closing]) connections.destroy();
    this.#services = new Map();
    return Promise.resolve();
  }

  send(request: ServiceRequest, signal: AbortSignal): Promise<ServiceAnswer> {
    const service = this.#services.get(request.service);
    if (service === undefined) return unavailable;
    if (signal.aborted) return aborted;
    const { load, routes } = service;
    if (isFull(load, this.#limits.maxConcurrent)) {
      this.#counters.refusedByConcurrency += 1;
      return unavailable;
    }
    const { body, kind } = request;
    const size = Buffer.byteLength(body);
    const sending = {
      routes,
      rest: `${fieldsOf(request.headers, request.token)}content-length: ${size}\r\n\r\n${body}`,
      // Where each character is a byte, writing is a mere copy.
      encoding: size === body.length ? ("latin1" as const) : ("utf8" as const),
      isSafe: kind === "query",
      load,
      signal,
    };
    load.inFlight += 1;
    load.budget.count();
    return new Promise((settle) => {
      const ended = (answer: ServiceAnswer): void => {
        load.inFlight -= 1;
        settle(answer);
      };
      new Exchange(sending, this.#limits, ended).begin();
    });
  }

  #connectionsTo({ origin, address }: Target): Connections {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const connections = new Connections(address, this.#connecting, this.#connections);
    this.#origins.set(origin, connections);
    return connections;
  }

  #breaker(service: string, { origin, path }: Target): Breaker {
    const onChange = (status: BreakerStatus): void => {
      if (status.state === "open") this.#counters.breakerOpened += 1;
      this.#onBreaker?.(status);
    };
    return new Breaker({ service, url: origin + path, limits: () => this.#limits, onChange });
  }

  #ofExchanges(limits: UpstreamLimits): ExchangeLimits {
    return { ...limits, deadlines: new Deadlines(limits.tryTimeout), counters: this.#counters };
  }
}

/** Those that wait for a service that restarts are not there yet: so many times as many may wait. */
const waitingFactor = 4;

function isFull({ inFlight, waiting }: Load, most: number): boolean {
  return inFlight - waiting >= most || waiting >= waitingFactor * most;
}

const unavailable = Promise.resolve(failed("SERVICE_UNAVAILABLE"));
const aborted = Promise.resolve(failed("REQUEST_ABORTED"));

/** What every request to it begins with. */
function headOf({ host, path }: Target): string {
  return (
    `POST ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\ncontent-type: application/json\r\n` +
    "accept: application/graphql-response+json, application/json;q=0.9\r\n"
  );
}
