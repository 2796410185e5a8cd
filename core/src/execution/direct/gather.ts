import type { FlattenPath } from "../plan.ts";
import { ByteWriter } from "./bytes.ts";
import type { DirectRun } from "./direct-run.ts";
import { Known } from "./known.ts";
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

/** Representations while they are written: nobody waits in between, so one is enough. */
const scratch = new ByteWriter(64 * 1_024, mostBytes);
const known = new Known(scratch);

/** The entities of one field in one run: what is asked, and who asked. */
export class Entities {
  /** Representations, each once, with commas between. */
  readonly representations: string;
  readonly #plan: EntitiesPlan;
  readonly #count: number;
  /** Cells of links, and which of the entities each wants. */
  readonly #links: number[] = [];
  readonly #wanted: number[] = [];

  constructor(plan: EntitiesPlan, run: DirectRun) {
    this.#plan = plan;
    scratch.clear();
    known.clear();
    plan.visit(run, run.nextVisitor(), (record) => this.#ask(run, record, record + plan.row.link));
    this.representations = scratch.text;
    this.#count = known.count;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Reads the list of entities, and links each to those who wanted it. */
  settle(run: DirectRun, scanner: Scanner): void {
    const rows: number[] = [];
    scanner.expect(0x5b);
    for (let index = 0; index < this.#count; index += 1) {
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
    const before = scratch.length;
    if (before > 0) scratch.byte(0x2c);
    const start = scratch.length;
    this.#plan.represent(run, record, scratch);
    const equal = known.find(start);
    if (equal !== undefined) scratch.rewind(before);
    this.#wanted.push(equal ?? known.add(start));
  }
}
