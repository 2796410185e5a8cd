import type { GraphQLObjectType } from "graphql";

/**
 * One row of cells on the tape: what one fetch brings of one object. A leaf takes two cells (where its text begins and
 * ends in the answer), an object or a list one, and so does each link.
 */
export class Layout {
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The first of so many new cells, counted from the beginning of the row. */
  reserve(cells: number): number {
    const first = this.#size;
    this.#size += cells;
    return first;
  }
}

/** A row that belongs to an object: its own, or one that a cell of its own row leads to. */
export type Row = OwnRow | LinkedRow;
type OwnRow = { readonly layout: Layout; readonly link?: undefined };
/** Equal entities share it. In the cell `seen` is who was there last, so that it is walked through once. */
export type LinkedRow = { readonly layout: Layout; readonly link: number; readonly seen: number };

type Held = { readonly row: Row; readonly cell: number };

/** A leaf of an object; its text stands in the answer of this fetch. */
type Leaf = Held & { readonly kind: "leaf"; readonly fetch: number };
/** An object of an object, or one in so many lists in lists. */
export type Child = Held & { readonly kind: "child"; readonly place: Place; readonly depth: number };
/** A list of leaves: for each two cells. */
type Leaves = Held & { readonly kind: "leaves"; readonly fetch: number; readonly depth: number };
export type Member = Leaf | Child | Leaves | { readonly kind: "typename" };

/** The objects at one place of an operation, all of one type. */
export class Place {
  readonly type: GraphQLObjectType;
  /** What was fetched with the object itself; its cells include the links. */
  readonly own: OwnRow = { layout: new Layout() };
  readonly #members = new Map<string, Member>();

  constructor(type: GraphQLObjectType) {
    this.type = type;
  }

  /** A row that another fetch brings. */
  linkedRow(): LinkedRow {
    const layout = new Layout();
    return { layout, link: this.own.layout.reserve(1), seen: layout.reserve(1) };
  }

  get(key: string): Member | undefined {
    return this.#members.get(key);
  }

  /** False when it is there already: then two fetches bring the same, and somebody has to choose. */
  add(key: string, member: Member): boolean {
    if (this.#members.has(key)) return false;
    this.#members.set(key, member);
    return true;
  }
}
