/** What has a deadline. */
export interface Expiring {
  /** Called once its time is up, unless it was removed before. */
  expire(): void;
  /** Asked now and then: whether nobody waits for it any more. Then it is removed, and `leave` is called. */
  isLeft?(): boolean;
  leave?(): void;
}

/** How often it is looked who has left, in ms. */
const lookMs = 50;

/**
 * The same time for everyone, in ms, and one timer for all: those who came first expire first. A timer and a listener to
 * an AbortSignal for each would take longer than what they watch.
 */
export class Deadlines {
  readonly #ms: number;
  /** In the order of their ends. */
  readonly #ends = new Map<Expiring, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Tells the time of `performance.now()` from which it counts. */
  add(one: Expiring): number {
    const now = performance.now();
    this.#ends.delete(one);
    this.#ends.set(one, now + this.#ms);
    if (this.#timer === undefined) this.#timer = setTimeout(this.#onTime, Math.min(lookMs, this.#ms)).unref();
    return now;
  }

  remove(one: Expiring): void {
    this.#ends.delete(one);
  }

  readonly #onTime = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    let next = lookMs;
    for (const [one, end] of this.#ends) {
      if (end <= now) {
        this.#ends.delete(one);
        one.expire();
      } else if (one.isLeft?.() === true) {
        this.#ends.delete(one);
        one.leave?.();
      } else next = Math.min(next, Math.ceil(end - now));
    }
    if (this.#ends.size > 0 && this.#timer === undefined) this.#timer = setTimeout(this.#onTime, next).unref();
  };
}
