import type { Carried } from "./connection.ts";

/** Between two tries to connect, in ms: the first, and the longest. Each a half of it at least, at random. */
const firstMs = 20;
const longestMs = 100;

/**
 * For an origin that could not be connected to: who waits until it can be, and one try at a time on behalf of all. A
 * service that restarts is found soon, and is not met by a try of everybody who waits.
 */
export class Dialer {
  readonly #dial: () => void;
  /** Each until when, of `performance.now()`. */
  readonly #waiting = new Map<Carried, number>();
  readonly #watching = new Map<() => void, number>();
  #delayMs = firstMs;
  #timer: NodeJS.Timeout | undefined;
  #isDialing = false;

  /** `dial` tries to connect; after it either `connected` or `failed` is called. */
  constructor(dial: () => void) {
    this.#dial = dial;
  }

  /** Whether it is being tried, so that nobody else has to. */
  get isActive(): boolean {
    return this.#timer !== undefined || this.#isDialing;
  }

  /** It is carried as soon as there is a connection; when there is none by then it is told so. */
  wait(one: Carried, until: number): void {
    this.#waiting.set(one, until);
    this.#schedule();
  }

  /** Tries on, though nobody waits. */
  watch(tell: () => void, until: number): void {
    this.#watching.set(tell, until);
    this.#schedule();
  }

  forget(one: Carried): void {
    this.#waiting.delete(one);
  }

  /** Takes the first that waits. */
  take(): Carried | undefined {
    const [first] = this.#waiting.keys();
    if (first !== undefined) this.#waiting.delete(first);
    return first;
  }

  /** Tells it to those who watch; who waited. */
  connected(): readonly Carried[] {
    this.#isDialing = false;
    const watched = [...this.#watching.keys()];
    const waited = this.stop();
    for (const tell of watched) tell();
    return waited;
  }

  failed(): void {
    this.#dropLate();
    this.#isDialing = false;
    this.#delayMs = Math.min(longestMs, 2 * this.#delayMs);
    this.#schedule();
  }

  /** Tries no more; who waited. */
  stop(): readonly Carried[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#delayMs = firstMs;
    this.#watching.clear();
    const waited = [...this.#waiting.keys()];
    this.#waiting.clear();
    return waited;
  }

  #schedule(): void {
    if (this.isActive) return;
    const [until = Infinity] = this.#waiting.values();
    const delay = Math.min(this.#delayMs * (1 - Math.random() / 2), Math.max(0, until - performance.now()));
    this.#timer = setTimeout(this.#onTime, delay).unref();
  }

  readonly #onTime = (): void => {
    this.#timer = undefined;
    this.#isDialing = true;
    this.#dropLate();
    if (this.#waiting.size + this.#watching.size > 0) return this.#dial();
    this.#isDialing = false;
    this.#delayMs = firstMs;
  };

  #dropLate(): void {
    const now = performance.now();
    for (const [tell, until] of this.#watching) if (until <= now) this.#watching.delete(tell);
    for (const [one, until] of this.#waiting) {
      if (until > now) continue;
      this.#waiting.delete(one);
      one.ended({ kind: "notConnected" });
    }
  }
}
