import { PlannerProcess } from "./planner-process.ts";

/** How long after one was taken the next is started, in ms: whoever took it is in more of a hurry for the processor. */
const refillDelay = 1_000;

/**
 * Keeps one planner process that has started and waits for a supergraph, because starting one takes longer than
 * many a supergraph takes to be read.
 */
export class PlannerReserve implements AsyncDisposable {
  #waiting: PlannerProcess | undefined;
  #refill: NodeJS.Timeout | undefined;
  #disposed = false;

  /** Starts the first one at once. */
  constructor() {
    this.#start();
  }

  /** Gives away the one that waits, or one that starts now. Whoever takes it ends it. */
  take(): PlannerProcess {
    const taken = this.#waiting ?? PlannerProcess.fork();
    this.#waiting = undefined;
    if (!this.#disposed) {
      clearTimeout(this.#refill);
      this.#refill = setTimeout(() => this.#start(), refillDelay);
      this.#refill.unref();
    }
    return taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    clearTimeout(this.#refill);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.kill();
    await waiting?.exited;
  }

  #start(): void {
    const planner = PlannerProcess.fork();
    this.#waiting = planner;
    void planner.exited.then(() => this.#forget(planner));
  }

  #forget(planner: PlannerProcess): void {
    if (this.#waiting === planner) this.#waiting = undefined;
  }
}
