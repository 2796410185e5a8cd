import { leaveDirectWay } from "./not-direct.ts";

/** In cells; 64 MiB. */
const mostCells = 16 * 1_024 * 1_024;

const smallestCells = 1_024;
/** Tapes that wait for the next run; 8 MiB at most. */
const spares: Tape[] = [];
const mostSpares = 32;
const largestSpare = 64 * 1_024;

/**
 * What was read from all answers of one run, as numbers in one array. A record is a row of cells whose places are known
 * when the operation is compiled, so nothing is ever looked up by a name, and nothing is left to be collected.
 */
export class Tape {
  cells: Int32Array;
  /** The first free cell. Zero is none: in a cell it means that nothing was put there. */
  #top = 1;

  private constructor(capacity: number) {
    this.cells = new Int32Array(Math.max(smallestCells, capacity));
  }

  /** An empty one, with about so many cells. */
  static take(capacity: number): Tape {
    const spare = spares.at(-1);
    return spare !== undefined && spare.cells.length >= capacity ? (spares.pop() ?? spare) : new Tape(capacity);
  }

  /** Gives it back when nobody reads it any more: making one takes longer than emptying it. */
  release(): void {
    if (spares.length >= mostSpares || this.cells.length > largestSpare) return;
    this.cells.fill(0, 0, this.#top);
    this.#top = 1;
    spares.push(this);
  }

  get top(): number {
    return this.#top;
  }

  /** A row of so many zeros. */
  take(count: number): number {
    const start = this.#top;
    this.#top += count;
    if (this.#top > this.cells.length) this.#grow();
    return start;
  }

  #grow(): void {
    if (this.#top > mostCells) leaveDirectWay();
    const cells = new Int32Array(Math.max(this.#top, this.cells.length * 2));
    cells.set(this.cells);
    this.cells = cells;
  }
}

/** In the cell of an object, a list or a leaf: JSON's null. */
export const nullCell = -1;

/** In the cell of a list that has no items. */
export const emptyCell = -2;
