/** Counts requests that were turned away, by code or reason, since the start of the process. */
export class Refusals {
  readonly #counts = new Map<string, number>();

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** The codes are the program's own, so there are few. */
  readonly count = (code: string): void => {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  };

  /** Those of another process. */
  add(counts: Readonly<Record<string, number>>): void {
    for (const [code, count] of Object.entries(counts)) this.#counts.set(code, (this.#counts.get(code) ?? 0) + count);
  }

  /** Together with those of other processes. */
  with(others: readonly Refusals["counts"][]): Refusals["counts"] {
    const all = new Refusals();
    for (const counts of [this.counts, ...others]) all.add(counts);
    return all.counts;
  }
}
