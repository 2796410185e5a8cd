import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { ask } from "./graphql.ts";

/** Between two of its questions, in milliseconds. */
const everyMs = 10;

/** A client that goes on asking the same while others misbehave: each answer must be the right one. */
export class Bystander implements AsyncDisposable {
  readonly #end = new AbortController();
  readonly #done: Promise<void>;
  /** How often it has been answered, and the longest that it waited, in milliseconds. */
  answers = 0;
  longest = 0;

  constructor(url: string, query: string, expected: unknown) {
    this.#done = this.#ask(url, query, expected);
    this.#done.catch(() => undefined);
  }

  async #ask(url: string, query: string, expected: unknown): Promise<void> {
    while (!this.#end.signal.aborted) {
      const began = performance.now();
      assert.deepEqual(await ask(url, query), expected);
      this.longest = Math.max(this.longest, performance.now() - began);
      this.answers += 1;
      await pause(everyMs);
    }
  }

  /** Rejects when any answer was another than the expected. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#done;
  }
}
