import { createHash } from "node:crypto";

/** How many operations are remembered; the oldest goes first. */
const capacity = 1_000;

/**
 * The operations that stalled or killed a planner: refused at once for a while, or a client that
 * repeats one would keep every planner dead. Not for ever: a slow machine may have been at fault.
 */
export class Suspects {
  readonly #until = new Map<string, number>();
  readonly #period: number;

  /** `period` in ms. */
  constructor(period: number) {
    this.#period = period;
  }

  add(query: string): void {
    const key = hash(query);
    this.#until.delete(key);
    this.#until.set(key, performance.now() + this.#period);
    const [oldest] = this.#until.keys();
    if (this.#until.size > capacity && oldest !== undefined) this.#until.delete(oldest);
  }

  has(query: string): boolean {
    if (this.#until.size === 0) return false;
    const key = hash(query);
    const until = this.#until.get(key);
    if (until === undefined) return false;
    if (until > performance.now()) return true;
    this.#until.delete(key);
    return false;
  }
}

function hash(query: string): string {
  return createHash("sha256").update(query).digest("base64");
}
