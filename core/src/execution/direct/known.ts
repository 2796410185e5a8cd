import type { ByteWriter } from "./bytes.ts";

/** So many places are looked at for an equal one; services choose the values, and could make all of them meet. */
const mostProbes = 32;
const smallestTable = 256;
/** A larger table is not kept. */
const largestTable = 64 * 1_024;

/** Finds equal representations among those that were written. */
export class Known {
  readonly #out: ByteWriter;
  /** Where each begins, where it ends, and what its hash is. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #hashes: number[] = [];
  /** Open addressing: which one is in a place, counted from 1. */
  #table = new Int32Array(smallestTable);
  #hash = 0;

  constructor(out: ByteWriter) {
    this.#out = out;
  }

  get count(): number {
    return this.#starts.length;
  }

  clear(): void {
    if (this.#table.length > largestTable) this.#table = new Int32Array(smallestTable);
    else if (this.count > 0) this.#table.fill(0);
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#hashes.length = 0;
  }

  /** An equal one of what is written from `start` on. */
  find(start: number): number | undefined {
    this.#hash = this.#out.hash(start);
    const size = this.#out.length - start;
    const mask = this.#table.length - 1;
    for (let probe = 0, at = this.#hash & mask; probe < mostProbes; probe += 1, at = (at + 1) & mask) {
      const index = (this.#table[at] ?? 0) - 1;
      if (index < 0) return undefined;
      const other = this.#starts[index] ?? 0;
      const isEqual = this.#hashes[index] === this.#hash && (this.#ends[index] ?? 0) - other === size;
      if (isEqual && this.#out.repeats(start, other, size)) return index;
    }
    return undefined;
  }

  /** Notes what is written from `start` on, after `find` did not find it. */
  add(start: number): number {
    const index = this.#starts.length;
    this.#starts.push(start);
    this.#ends.push(this.#out.length);
    this.#hashes.push(this.#hash);
    if (this.#starts.length * 2 > this.#table.length) this.#rebuild();
    else this.#place(index);
    return index;
  }

  #rebuild(): void {
    this.#table = new Int32Array(this.#table.length * 4);
    for (const index of this.#starts.keys()) this.#place(index);
  }

  #place(index: number): void {
    const mask = this.#table.length - 1;
    for (let probe = 0, at = (this.#hashes[index] ?? 0) & mask; probe < mostProbes; probe += 1, at = (at + 1) & mask) {
      if (this.#table[at] !== 0) continue;
      this.#table[at] = index + 1;
      return;
    }
  }
}
