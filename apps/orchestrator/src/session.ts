import { setTimeout as wait } from "node:timers/promises";
import { toProblem } from "@catalyst-node/adapters/rpc";
import type { Problem } from "@catalyst-node/core/model";
import { isSurelyAbsent } from "./head-start.ts";

/** Between two attempts to connect, in milliseconds. */
const firstWaitMs = 20;
const longestWaitMs = 1_000;
/** While a process is known to be on its way up, no attempt waits longer than this, in milliseconds. */
const eagerWaitMs = 30;
const eagerMs = 15_000;

/** As Node tells of an attempt to connect to a socket that is not there. */
const noSocket = Object.assign(new Error("connect ENOENT"), { code: "ENOENT" });

export type SessionOptions = {
  readonly address: string;
  /** One connection from its first word, which it tells by `connected`, to its end. */
  readonly watch: (connected: () => void, signal: AbortSignal) => Promise<void>;
  /** The connection broke, or could not be made; the same failure again is not told. */
  readonly lost: (problem: Problem) => void;
};

/** Watches a process that may come and go: connects, and connects again whenever that breaks, until it is disposed. */
export class Session implements AsyncDisposable {
  readonly #options: SessionOptions;
  readonly #ending = new AbortController();
  #hurry = new AbortController();
  #eagerUntil = 0;
  /** The failure told last; the same again is no news. */
  #told = "";
  #watching: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Fires when the session is disposed: its calls end with it. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  start(): void {
    this.#watching ??= this.#watch();
  }

  /** There is reason to believe that somebody answers now, or soon. */
  hurry(): void {
    // Whether it fails from now on is news again: that is how the death of an adopted one is noticed.
    this.#told = "";
    this.#eagerUntil = performance.now() + eagerMs;
    this.#hurry.abort();
  }

  toProblem(error: unknown): Problem {
    return toProblem(error, this.#options.address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    let pause = firstWaitMs;
    while (!this.#ending.signal.aborted) {
      let connected = false;
      const problem = await this.#watchOnce(() => {
        connected = true;
      });
      if (this.#ending.signal.aborted) return;
      if (connected || this.#told !== problem.message) this.#options.lost(problem);
      this.#told = problem.message;
      if (connected || this.#hurry.signal.aborted) pause = firstWaitMs;
      this.#hurry = new AbortController();
      await wait(pause, undefined, { signal: AbortSignal.any([this.#hurry.signal, this.#ending.signal]) }).catch(
        () => undefined,
      );
      pause = Math.min(performance.now() < this.#eagerUntil ? eagerWaitMs : longestWaitMs, pause * 1.5);
    }
  }

  async #watchOnce(connected: () => void): Promise<Problem> {
    const { address, watch } = this.#options;
    // An attempt takes 3 ms of CPU; while a process starts, a look at its socket does as well.
    if (isSurelyAbsent(address)) return this.toProblem(noSocket);
    try {
      await watch(connected, this.#ending.signal);
      return this.toProblem(new Error("the stream was ended"));
    } catch (error) {
      return this.toProblem(error);
    }
  }
}
