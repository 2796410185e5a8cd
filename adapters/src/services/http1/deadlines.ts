/** What has a deadline. */
export interface Expiring {
  /** Called once its time is up, unless it was removed before. */
  expire(): void;
}

/**
 * The same time for everyone, in ms, and one timer for all: those who came first expire first. A timer for each would
 * take longer than what it watches.
 */
export class Deadlines {
  readonly #ms: number;
  /** In the order of their ends. */
  readonly #ends = new Map<Expiring, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  add(one: Expiring): void {
    this.#ends.delete(one);
    this.#ends.set(one, performance.now() + this.#ms);
    if (this.#timer === undefined) this.#timer = setTimeout(this.#onTime, this.#ms).unref();
  }

  remove(one: Expiring): void {
    this.#ends.delete(one);
  }

  readonly #onTime = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    for (const [one, end] of this.#ends) {
      if (end > now) {
        this.#timer = setTimeout(this.#onTime, Math.ceil(end - now)).unref();
        return;
      }
      this.#ends.delete(one);
      one.expire();
    }
  };
}
