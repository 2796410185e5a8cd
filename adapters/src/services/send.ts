import type { ServiceAnswer, ServicePort, ServiceRequest } from "@catalyst-node/core/execution";
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
  return new Http1ServicePort({
    connectTimeout: 1_000,
    timeout: 3_000,
    maxResponseBytes: 5 * 1024 * 1024,
    connections: 64,
    maxInFlight: 1_024,
    ...options,
  });
}

/** A service with its endpoints, in order of preference, and how many requests to it are in flight. */
type Service = { readonly routes: readonly Route[]; readonly load: { inFlight: number } };

class Http1ServicePort implements HttpServicePort {
  readonly #options: Required<ServicePortOptions>;
  readonly #limits: ExchangeLimits;
  readonly #connecting: Deadlines;
  readonly #origins = new Map<string, Connections>();
  /** Whose last answers are still to come. */
  readonly #closing = new Set<Connections>();
  #services: ReadonlyMap<string, Service> = new Map();

  constructor(options: Required<ServicePortOptions>) {
    this.#options = options;
    this.#limits = { deadlines: new Deadlines(options.timeout), maxBytes: options.maxResponseBytes };
    this.#connecting = new Deadlines(options.connectTimeout);
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
    if (service === undefined || service.load.inFlight >= this.#options.maxInFlight) return unavailable;
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
      new Exchange(sending, this.#limits, ended).begin();
    });
  }

  #connectionsTo({ origin, address }: Target): Connections {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const connections = new Connections(address, this.#connecting, this.#options.connections);
    this.#origins.set(origin, connections);
    return connections;
  }
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
