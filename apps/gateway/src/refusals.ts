/** Counts requests that were turned away, by the code that their clients read, since the start of the process. */
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
}
