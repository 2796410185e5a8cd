/** Tells everybody who waits that something changed. What changed they read themselves: a slow one misses nothing. */
export class Changes {
  readonly #waiting = new Set<() => void>();

  notify(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Settles at the next change, or when the signal fires. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((settle) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        settle();
      };
      if (signal.aborted) return settle();
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }
}
