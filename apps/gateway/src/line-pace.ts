/** At most so many lines a second are written of one kind of thing: what others do wrong must not fill the disk. */
const linesPerSecond = 10;

/** Bounds the lines that are written of something that others can have happen as often as they like. */
export class LinePace {
  /** Milliseconds, from any start. */
  readonly #now: () => number;
  #second = 0;
  #lines = 0;
  #untold = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Writes a line, or counts it for the next: it hears how many were not written since the last one. */
  write(line: (untold: number) => void): void {
    const second = Math.floor(this.#now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#lines = 0;
    }
    if (this.#lines >= linesPerSecond) {
      this.#untold += 1;
      return;
    }
    this.#lines += 1;
    line(this.#untold);
    this.#untold = 0;
  }
}
