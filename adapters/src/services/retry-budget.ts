/** What counts is what was asked in the time before, in ms. */
const windowMs = 10_000;
/** Within one window even a service that is hardly asked gets so many. */
const reserve = 10;

/**
 * How many requests to one service may be repeated: a share of those that were asked lately. Repeating everything would
 * double the load of a service that fails because of its load. A clock is read only when something is to be repeated.
 */
export class RetryBudget {
  #balance = reserve;
  #requests = 0;
  #countedAt = performance.now();

  /** One more was asked. */
  count(): void {
    this.#requests += 1;
  }

  /** Whether one more may be repeated: of a hundred that were asked, so many. */
  take(percent: number): boolean {
    const now = performance.now();
    const elapsed = now - this.#countedAt;
    const kept = Math.max(0, 1 - elapsed / windowMs);
    // As if they had come evenly: only those of the last window earn anything.
    const earned = (this.#requests * percent * Math.min(1, windowMs / Math.max(1, elapsed))) / 100;
    const refilled = Math.min(reserve, this.#balance * kept + (reserve * elapsed) / windowMs);
    this.#balance = Math.max(refilled, this.#balance * kept) + earned;
    this.#requests = 0;
    this.#countedAt = now;
    if (percent === 0 || this.#balance < 1) return false;
    this.#balance -= 1;
    return true;
  }
}
