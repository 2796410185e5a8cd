import type { FlattenPath } from "../plan.ts";
import { ByteWriter } from "./bytes.ts";
import type { DirectRun } from "./direct-run.ts";
import type { LinkedRow, Place } from "./layout.ts";
import type { ReadRow } from "./read.ts";
import { rowOf, type WriteRepresentation } from "./represent.ts";
import type { Scanner } from "./scanner.ts";
import { nullCell } from "./tape.ts";

/** Calls with the own row of each object at a place, in document order. `visitor` is another number each time. */
export type Visit = (run: DirectRun, visitor: number, see: (record: number) => void) => void;

/** Follows a path from the root to the objects at its end; undefined when it leads elsewhere. */
export function compileVisit(
  root: Place,
  path: FlattenPath,
): { readonly visit: Visit; readonly place: Place } | undefined {
  let place = root;
  let visit = atRoot;
  for (const segment of path) {
    if (segment === "@") continue;
    if (!("Field" in segment)) return undefined;
    const member = place.get(segment.Field);
    if (member?.kind !== "child") return undefined;
    const { row, cell, depth } = member;
    const before = visit;
    visit = (run, visitor, see) =>
      before(run, visitor, (record) => {
        const start = rowOf(run, record, row);
        if (start === nullCell || (row.link !== undefined && wasSeen(run, start + row.seen, visitor))) return;
        visitItems(run, run.tape.cells[start + cell] ?? 0, depth, see);
      });
    ({ place } = member);
  }
  return { visit, place };
}

/** Shared rows would be walked as often as they are shared, which multiplies at each level. */
function wasSeen({ tape }: DirectRun, seen: number, visitor: number): boolean {
  if (tape.cells[seen] === visitor) return true;
  tape.cells[seen] = visitor;
  return false;
}

const atRoot: Visit = (run, _, see) => see(run.root);

function visitItems(run: DirectRun, value: number, depth: number, see: (record: number) => void): void {
  if (depth === 0) {
    if (value > 0) see(value);
    return;
  }
  for (let link = value; link > 0; link = run.tape.cells[link] ?? 0)
    visitItems(run, run.tape.cells[link + 1] ?? 0, depth - 1, see);
}

/** One `_entities` field of one request, for the objects at one place. */
export type EntitiesPlan = {
  readonly visit: Visit;
  /** What it brings of each object there. */
  readonly row: LinkedRow;
  readonly represent: WriteRepresentation;
  readonly read: ReadRow;
};

/** In a link whose row is on its way. */
const pendingCell = -3;

/** What the representations of a field may measure together, in bytes. */
const mostBytes = 16 * 1_024 * 1_024;

/** The entities of one field in one run: what is asked, and who asked. */
export class Entities {
  /** Representations, each once, with commas between. */
  readonly #out = new ByteWriter(1_024, mostBytes);
  readonly #plan: EntitiesPlan;
  /** Cells of links, and which of the entities each wants. */
  readonly #links: number[] = [];
  readonly #wanted: number[] = [];
  readonly #known = new Known(this.#out);

  constructor(plan: EntitiesPlan, run: DirectRun) {
    this.#plan = plan;
    plan.visit(run, run.nextVisitor(), (record) => this.#ask(run, record, record + plan.row.link));
  }

  get isEmpty(): boolean {
    return this.#links.length === 0;
  }

  get representations(): string {
    return this.#out.text;
  }

  /** Reads the list of entities, and links each to those who wanted it. */
  settle(run: DirectRun, scanner: Scanner): void {
    const rows: number[] = [];
    scanner.expect(0x5b);
    for (let index = 0; index < this.#known.count; index += 1) {
      if (index > 0) scanner.expect(0x2c);
      rows.push(this.#plan.read(scanner, run.tape));
    }
    scanner.expect(0x5d);
    for (const [index, link] of this.#links.entries())
      run.tape.cells[link] = rows[this.#wanted[index] ?? 0] ?? nullCell;
  }

  #ask(run: DirectRun, record: number, link: number): void {
    // Objects that others share are reached more than once.
    if (run.tape.cells[link] !== 0) return;
    run.tape.cells[link] = pendingCell;
    this.#links.push(link);
    const before = this.#out.length;
    if (before > 0) this.#out.byte(0x2c);
    const start = this.#out.length;
    this.#plan.represent(run, record, this.#out);
    const known = this.#known.find(start);
    if (known !== undefined) this.#out.rewind(before);
    this.#wanted.push(known ?? this.#known.add(start));
  }
}

/** So many places are looked at for an equal one; services choose the values, and could make all of them meet. */
const mostProbes = 32;

/** Finds equal representations among those that were written. */
class Known {
  readonly #out: ByteWriter;
  /** Where each begins, where it ends, and what its hash is. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #hashes: number[] = [];
  /** Open addressing: which one is in a place, counted from 1. */
  #table = new Int32Array(64);
  #hash = 0;

  constructor(out: ByteWriter) {
    this.#out = out;
  }

  get count(): number {
    return this.#starts.length;
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
