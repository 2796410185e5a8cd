import { setTimeout as wait } from "node:timers/promises";
import { type RpcTransport, toProblem } from "@catalyst-node/adapters/rpc";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { isSurelyAbsent } from "./head-start.ts";

/** Between two attempts to connect, in milliseconds. */
const firstWaitMs = 20;
const longestWaitMs = 1_000;
/** While a process is known to be on its way up, no attempt waits longer than this, in milliseconds. */
const eagerWaitMs = 30;
const eagerMs = 15_000;

/** As Node tells of an attempt to connect to a socket that is not there. */
const noSocket = Object.assign(new Error("connect ENOENT"), { code: "ENOENT" });

/**
 * Watches a process that may come and go: connects, and connects again whenever that breaks, until it is disposed, and
 * the transport with it. A link to each kind of process is one of these, with the calls of its contract.
 */
export abstract class Session<Status> implements AsyncDisposable {
  readonly #transport: RpcTransport;
  readonly #address: string;
  readonly #ending = new AbortController();
  #hurry = new AbortController();
  #eagerUntil = 0;
  /** The failure told last; the same again is no news. */
  #told = "";
  #watching: Promise<void> | undefined;

  constructor(transport: RpcTransport, address: string) {
    this.#transport = transport;
    this.#address = address;
  }

  /** One connection from its first word, which it tells by `connected`, to its end. */
  protected abstract watch(connected: () => void, signal: AbortSignal): Promise<void>;

  /** How it fares, asked within a deadline. */
  protected abstract status(signal: AbortSignal): Promise<Status>;

  /** The connection broke, or could not be made; the same failure again is not told. */
  protected abstract lost(problem: Problem): void;

  /** Fires when the session is disposed: its calls end with it. */
  protected get signal(): AbortSignal {
    return this.#ending.signal;
  }

  protected toProblem(error: unknown): Problem {
    return toProblem(error, this.#address);
  }

  /** Connects, and connects again whenever that breaks, until it is disposed. */
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

  /** Whoever answers at the address now. */
  async probe(): Promise<Result<Status>> {
    try {
      return ok(await this.status(this.signal));
    } catch (error) {
      return fail(this.toProblem(error));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    this.#transport[Symbol.dispose]();
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
      if (connected || this.#told !== problem.message) this.lost(problem);
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
    // An attempt takes 3 ms of CPU; while a process starts, a look at its socket does as well.
    if (isSurelyAbsent(this.#address)) return this.toProblem(noSocket);
    try {
      await this.watch(connected, this.signal);
      return this.toProblem(new Error("the stream was ended"));
    } catch (error) {
      return this.toProblem(error);
    }
  }
}
