import type { Dispatcher } from "undici";
import request from "undici/lib/api/api-request.js";
import Pool from "undici/lib/dispatcher/pool.js";

export type PoolsOptions = {
  /** For a connection to be made, in ms. */
  readonly connectTimeout: number;
  /** Between two signs of life of a response, in ms. */
  readonly idleTimeout: number;
  /** Connections to one origin; requests beyond them wait inside the pool. */
  readonly connections: number;
};

/** One pool of kept connections for each origin that is in use. */
export class Pools implements AsyncDisposable {
  #options: PoolsOptions;
  readonly #pools = new Map<string, Pool>();
  /** Pools that finish what is in flight and then close. */
  readonly #closing = new Set<Pool>();

  constructor(options: PoolsOptions) {
    this.#options = options;
  }

  /** Of connections to origins that are met from now on. */
  setConnectTimeout(connectTimeout: number): void {
    this.#options = { ...this.#options, connectTimeout };
  }

  /** Sends one request over a kept connection to the origin; settles with the head of the response. */
  request(origin: string, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    return request.call(this.#get(origin), options);
  }

  /** Lets the pools of all other origins finish what they have in flight, and close. */
  keep(origins: ReadonlySet<string>): void {
    for (const [origin, pool] of this.#pools) {
      if (origins.has(origin)) continue;
      this.#pools.delete(origin);
      this.#closing.add(pool);
      const forget = (): void => void this.#closing.delete(pool);
      pool.close().then(forget, forget);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#pools.values(), ...this.#closing];
    this.#pools.clear();
    await Promise.all(all.map((pool) => pool.destroy()));
  }

  #get(origin: string): Pool {
    const known = this.#pools.get(origin);
    if (known) return known;
    const { connectTimeout, idleTimeout, connections } = this.#options;
    const pool = new Pool(origin, {
      connections,
      pipelining: 1,
      allowH2: false,
      connect: { timeout: connectTimeout },
      headersTimeout: idleTimeout,
      bodyTimeout: idleTimeout,
    });
    this.#pools.set(origin, pool);
    return pool;
  }
}
