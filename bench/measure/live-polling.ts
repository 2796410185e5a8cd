import { setTimeout as pause } from "node:timers/promises";
import { Client } from "./client.ts";
import { timed } from "./statistics.ts";

/** Between two polls, in ms. */
const pollEvery = 5;

/**
 * Asks /livez all the time, on connections that wait for nobody else: how long somebody outside waits for the event loop.
 * Several connections are dealt to a gateway's workers in turn.
 */
export class LivePolling implements AsyncDisposable {
  readonly #clients: readonly Client[];
  readonly #end = new AbortController();
  readonly #done: Promise<unknown>;
  #longest = 0;
  #silence = 0;
  #heard = performance.now();

  constructor(graphql: string, connections = 1) {
    this.#clients = Array.from({ length: connections }, () => new Client(graphql));
    this.#done = Promise.all(this.#clients.map((client) => this.#poll(client)));
  }

  /** Of the waits since the last call, in ms. */
  longest(): number {
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  /** The longest time since the last call in which no connection was answered, in ms; the pauses between polls count. */
  silence(): number {
    const silence = this.#silence;
    this.#silence = 0;
    return silence;
  }

  async #poll(client: Client): Promise<void> {
    while (!this.#end.signal.aborted) {
      const { ms } = await timed(() => client.get("/livez"));
      this.#longest = Math.max(this.#longest, ms);
      const now = performance.now();
      this.#silence = Math.max(this.#silence, now - this.#heard);
      this.#heard = now;
      await pause(pollEvery);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#done;
    for (const client of this.#clients) await client[Symbol.asyncDispose]();
  }
}
