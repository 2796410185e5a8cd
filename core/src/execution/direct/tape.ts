import { leaveDirectWay } from "./not-direct.ts";

/** In cells; 64 MiB. */
const mostCells = 16 * 1_024 * 1_024;

/**
 * What was read from all answers of one run, as numbers in one array. A record is a row of cells whose places are known
 * when the operation is compiled, so nothing is ever looked up by a name, and nothing is left to be collected.
 */
export class Tape {
  cells: Int32Array;
  /** The first free cell. Zero is none: in a cell it means that nothing was put there. */
  #top = 1;

  constructor(capacity: number) {
    this.cells = new Int32Array(Math.max(64, capacity));
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
