import { Roster, type Seated } from "@catalyst-node/core/model";

/** What has a deadline. */
export interface Expiring extends Seated {
  /** When its time is up, of `performance.now()`; written by its `Deadlines`. */
  deadline: number;
  /** Called once its time is up, unless it was removed before. */
  expire(): void;
  /** Asked now and then: whether nobody waits for it any more. Then it is removed, and `leave` is called. */
  isLeft?(): boolean;
  leave?(): void;
}

/** How often it is looked who has left, in ms. */
const lookMs = 50;

/**
 * The same time for everyone, in ms, and one timer for all. A timer and a listener to an AbortSignal for each would take
 * longer than what they watch.
 */
export class Deadlines {
  readonly #ms: number;
  readonly #running = new Roster<Expiring>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Again: from now on. Tells the time of `performance.now()` from which it counts. */
  add(one: Expiring): number {
    const now = performance.now();
    one.deadline = now + this.#ms;
    this.#running.add(one);
    if (this.#timer === undefined) this.#timer = setTimeout(this.#onTime, Math.min(lookMs, this.#ms)).unref();
    return now;
  }

  remove(one: Expiring): void {
    this.#running.remove(one);
  }

  readonly #onTime = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    let next = lookMs;
    for (const one of this.#running.all) {
      // Another one's end was its own.
      if (one.seat === undefined) continue;
      if (one.deadline <= now) {
        this.#running.remove(one);
        one.expire();
      } else if (one.isLeft?.() === true) {
        this.#running.remove(one);
        one.leave?.();
      } else next = Math.min(next, Math.ceil(one.deadline - now));
    }
    if (this.#running.size > 0 && this.#timer === undefined) this.#timer = setTimeout(this.#onTime, next).unref();
  };
}
