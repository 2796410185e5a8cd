import type { ServiceAnswer, SubscriptionPort, SubscriptionRequest } from "@catalyst-node/core/execution";
import { defaultUpstreamLimits, type UpstreamLimits } from "@catalyst-node/core/model";
import { type EndpointTable, parseSource, type SourceTarget } from "./endpoints.ts";
import { EventQueue, failed, type QueueBounds } from "./event-queue.ts";
import { Pools } from "./pools.ts";
import type { Opened, SourceLimits, SourceRequest } from "./source.ts";
import { openSse } from "./sse-source.ts";
import { openWs } from "./ws-source.ts";

/** Subscriptions at the services of a supergraph, by server-sent events or WebSocket. */
export interface ServiceSubscriptions extends SubscriptionPort, AsyncDisposable {
  /**
   * Takes effect at once: a stream from an endpoint that is gone ends with SERVICE_UNAVAILABLE,
   * because it would never end by itself.
   */
  setEndpoints(table: EndpointTable): void;
  /** Of these, `connectTimeout` and `tryTimeout`: the service has to have taken a subscription by then. For the next ones. */
  setLimits(limits: UpstreamLimits): void;
}

export type ServiceSubscriptionsOptions = Partial<SourceLimits> & {
  /** Of one subscription, waiting to be completed. Default 100 events, 8 MiB. */
  readonly waiting?: QueueBounds;
  /** Between two signs of life of an event stream, in ms; five times what servers heartbeat. Default 60,000. */
  readonly idleMs?: number;
  /** At all services together; more are refused with SERVICE_UNAVAILABLE. Default 2,000. */
  readonly streams?: number;
};

export function createServiceSubscriptions(options: ServiceSubscriptionsOptions = {}): ServiceSubscriptions {
  return new Subscriptions({
    connectMs: defaultUpstreamLimits.tryTimeout,
    pingMs: 10_000,
    eventBytes: 1024 * 1024,
    waiting: { events: 100, bytes: 8 * 1024 * 1024 },
    idleMs: 60_000,
    streams: 2_000,
    ...options,
  });
}

type Stream = { readonly service: string; readonly queue: EventQueue; url: string | undefined };

class Subscriptions implements ServiceSubscriptions {
  #options: Required<ServiceSubscriptionsOptions>;
  /** Apart from those of queries: streams hold their connections. */
  readonly #pools: Pools;
  readonly #streams = new Set<Stream>();
  #targets: ReadonlyMap<string, readonly SourceTarget[]> = new Map();

  constructor(options: Required<ServiceSubscriptionsOptions>) {
    this.#options = options;
    const { idleMs, streams } = options;
    const { connectTimeout } = defaultUpstreamLimits;
    this.#pools = new Pools({ connectTimeout, idleTimeout: idleMs, connections: streams });
  }

  setLimits({ connectTimeout, tryTimeout }: UpstreamLimits): void {
    this.#options = { ...this.#options, connectMs: tryTimeout };
    this.#pools.setConnectTimeout(connectTimeout);
  }

  setEndpoints(table: EndpointTable): void {
    this.#targets = new Map(
      Array.from(table, ([service, all]) => [service, all.flatMap((endpoint) => parseSource(endpoint) ?? [])] as const),
    );
    const origins = [...this.#targets.values()].flat();
    for (const { service, url, queue } of this.#streams) {
      const isListed = this.#targets.get(service)?.some((target) => target.url === url) ?? false;
      if (url !== undefined && !isListed) queue.cut("SERVICE_UNAVAILABLE");
    }
    this.#pools.keep(new Set(origins.flatMap((source) => (source.protocol === "sse" ? [source.target.origin] : []))));
  }

  async *subscribe(
    { service, body, headers, token }: SubscriptionRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ServiceAnswer, void, void> {
    if (signal.aborted) return;
    if (this.#streams.size >= this.#options.streams) return yield failed("SERVICE_UNAVAILABLE");
    const closing = new AbortController();
    const queue = new EventQueue(this.#options.waiting, () => closing.abort());
    const stream: Stream = { service, queue, url: undefined };
    const leave = (): void => queue.cut();
    signal.addEventListener("abort", leave);
    this.#streams.add(stream);
    try {
      void this.#open(stream, { body, headers, token, signal: closing.signal });
      yield* queue;
    } finally {
      queue.cut();
      signal.removeEventListener("abort", leave);
      this.#streams.delete(stream);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { queue } of this.#streams) queue.cut("SERVICE_UNAVAILABLE");
    await this.#pools[Symbol.asyncDispose]();
  }

  /** The next endpoint is asked only when the one before never got the request. Never rejects. */
  async #open(stream: Stream, request: SourceRequest): Promise<void> {
    for (const target of this.#targets.get(stream.service) ?? []) {
      if (request.signal.aborted) return;
      stream.url = target.url;
      if ((await this.#openAt(target, request, stream.queue)) === "ended") return;
    }
    stream.queue.end("SERVICE_UNAVAILABLE");
  }

  async #openAt(target: SourceTarget, request: SourceRequest, queue: EventQueue): Promise<Opened> {
    try {
      return target.protocol === "sse"
        ? await openSse(this.#pools, target.target, request, queue, this.#options)
        : await openWs(target.url, request, queue, this.#options);
    } catch {
      queue.end("SERVICE_UNAVAILABLE");
      return "ended";
    }
  }
}
