import { setTimeout as pause } from "node:timers/promises";
import { Client } from "./client.ts";
import { timed } from "./statistics.ts";

/** Between two polls, in ms. */
const pollEvery = 5;

/** Asks /livez all the time, on a connection of its own: how long somebody outside waits for the event loop. */
export class LivePolling implements AsyncDisposable {
  readonly #client: Client;
  readonly #end = new AbortController();
  readonly #done: Promise<void>;
  #longest = 0;

  constructor(graphql: string) {
    this.#client = new Client(graphql);
    this.#done = this.#poll();
  }

  /** Of the waits since the last call, in ms. */
  longest(): number {
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  async #poll(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const { ms } = await timed(() => this.#client.get("/livez"));
      this.#longest = Math.max(this.#longest, ms);
      await pause(pollEvery);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#done;
    await this.#client[Symbol.asyncDispose]();
  }
}
