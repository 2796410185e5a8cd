import type { ServiceAnswer, ServicePort, ServiceRequest } from "@catalyst-node/core/execution";
import { defaultUpstreamLimits, type UpstreamLimits } from "@catalyst-node/core/model";
import { type EndpointTable, parseTable, type Target } from "./endpoints.ts";
import { fieldsOf } from "./headers.ts";
import { Connections } from "./http1/connections.ts";
import { Deadlines } from "./http1/deadlines.ts";
import { Exchange, type ExchangeLimits, type Route } from "./send-exchange.ts";
import { failed } from "./send-response.ts";

/** GraphQL over HTTP to the services of a supergraph. */
export interface HttpServicePort extends ServicePort, AsyncDisposable {
  /** Takes effect for the next request; what is in flight to an endpoint that is gone ends in peace. */
  setEndpoints(table: EndpointTable): void;
  /** Takes effect for the next request. */
  setLimits(limits: UpstreamLimits): void;
}

/** Until others are set: core/model's defaults. */
export type ServicePortOptions = Partial<UpstreamLimits> & {
  /** To one origin. Default 64. */
  readonly connections?: number;
};

export function createServicePort({ connections = 64, ...limits }: ServicePortOptions = {}): HttpServicePort {
  return new Http1ServicePort({ ...defaultUpstreamLimits, ...limits }, connections);
}

/** A service with its endpoints, in order of preference, and how many requests to it are in flight. */
type Service = { readonly routes: readonly Route[]; readonly load: { inFlight: number } };

class Http1ServicePort implements HttpServicePort {
  readonly #connections: number;
  #limits: UpstreamLimits;
  #ofExchanges: ExchangeLimits;
  #connecting: Deadlines;
  readonly #origins = new Map<string, Connections>();
  /** Whose last answers are still to come. */
  readonly #closing = new Set<Connections>();
  #services: ReadonlyMap<string, Service> = new Map();

  constructor(limits: UpstreamLimits, connections: number) {
    this.#connections = connections;
    this.#limits = limits;
    this.#ofExchanges = exchangeLimits(limits);
    this.#connecting = new Deadlines(limits.connectTimeout);
  }

  setLimits(limits: UpstreamLimits): void {
    this.#limits = limits;
    this.#ofExchanges = exchangeLimits(limits);
    this.#connecting = new Deadlines(limits.connectTimeout);
    for (const connections of this.#origins.values()) connections.setConnecting(this.#connecting);
  }

  setEndpoints(table: EndpointTable): void {
    const before = this.#services;
    this.#services = new Map(
      Array.from(parseTable(table), ([name, targets]) => {
        const routes = targets.map((target) => ({ head: headOf(target), connections: this.#connectionsTo(target) }));
        // What is in flight by the former table counts, and is counted down, all the same.
        return [name, { routes, load: before.get(name)?.load ?? { inFlight: 0 } }] as const;
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
    if (service === undefined || service.load.inFlight >= this.#limits.maxConcurrent) return unavailable;
    if (signal.aborted) return aborted;
    const { load, routes } = service;
    const { body, kind } = request;
    const size = Buffer.byteLength(body);
    const sending = {
      routes,
      rest: `${fieldsOf(request.headers)}content-length: ${size}\r\n\r\n${body}`,
      // Where each character is a byte, writing is a mere copy.
      encoding: size === body.length ? ("latin1" as const) : ("utf8" as const),
      isSafe: kind === "query",
      signal,
    };
    load.inFlight += 1;
    return new Promise((settle) => {
      const ended = (answer: ServiceAnswer): void => {
        load.inFlight -= 1;
        settle(answer);
      };
      new Exchange(sending, this.#ofExchanges, ended).begin();
    });
  }

  #connectionsTo({ origin, address }: Target): Connections {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const connections = new Connections(address, this.#connecting, this.#connections);
    this.#origins.set(origin, connections);
    return connections;
  }
}

function exchangeLimits({ tryTimeout, maxResponse }: UpstreamLimits): ExchangeLimits {
  return { deadlines: new Deadlines(tryTimeout), maxBytes: maxResponse };
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
