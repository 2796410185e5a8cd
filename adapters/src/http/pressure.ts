import { monitorEventLoopDelay } from "node:perf_hooks";
import { limits } from "./limits.ts";

/** How often the loop is looked at, in milliseconds: what a quiet one seems to be late by, and no more. */
const resolution = 10;

/**
 * Whether the event loop is late so often that whoever asks now waits for long. A single long turn, such as the
 * building of a large schema, is none of that: the 99th percentile of two seconds is what counts.
 */
export class Pressure implements Disposable {
  readonly #delays = monitorEventLoopDelay({ resolution });
  readonly #timer: NodeJS.Timeout;
  #late = 0;

  constructor() {
    this.#delays.enable();
    this.#timer = setInterval(() => this.#look(), limits.pressureMs).unref();
  }

  /** The 99th percentile of the last two seconds that are over, in milliseconds. */
  get late(): number {
    return this.#late;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#delays.disable();
  }

  #look(): void {
    this.#late = Math.max(0, this.#delays.percentile(99) / 1_000_000 - resolution);
    this.#delays.reset();
  }
}
