import {
  type GraphQLLeafType,
  type GraphQLOutputType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from "graphql";
import { collectFields, type Selecting } from "../fields.ts";
import { encode } from "./bytes.ts";
import { type Layout, type Member, Place, type Row } from "./layout.ts";
import { leaveDirectWay } from "./not-direct.ts";
import type { Scanner } from "./scanner.ts";
import { emptyCell, nullCell, type Tape } from "./tape.ts";

/** Reads a value into the cells from `cell` on. */
type ReadValue = (scanner: Scanner, tape: Tape, cell: number) => void;
/** Reads an object into a new row; `nullCell` for null. */
export type ReadRow = (scanner: Scanner, tape: Tape) => number;

/** What a fetch selects of the objects at one place. */
export type Selected = {
  readonly place: Place;
  readonly row: Row;
  readonly sets: readonly SelectionSetNode[];
  /** Which of the plan's fetches it is. */
  readonly fetch: number;
};

type ReadMember = { readonly label: Uint8Array; readonly cell: number; readonly read: ReadValue };

/**
 * Compiles the reading of objects whose keys come in the order of the selection, as the GraphQL specification wants them,
 * and notes in the place where each is kept. Undefined for what the direct way does not know.
 */
export function compileRow({ place, row, sets, fetch }: Selected, selecting: Selecting): ReadRow | undefined {
  const members: ReadMember[] = [];
  for (const [key, nodes] of collectFields(selecting, place.type, sets)) {
    const label = encode(`${members.length === 0 ? "{" : ","}"${key}":`);
    const name = nodes[0].name.value;
    if (name === "__typename") {
      if (key !== "__typename") return undefined;
      place.add(key, { kind: "typename" });
      const expected = encode(`"${place.type.name}"`);
      members.push({ label, cell: 0, read: (scanner) => scanner.literal(expected) });
      continue;
    }
    const type = place.type.getFields()[name]?.type;
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const compiled =
      type === undefined
        ? compileUnknown(row, below, fetch)
        : compileMember({ row, type, sets: below, fetch }, selecting);
    if (compiled === undefined || !place.add(key, compiled.member)) return undefined;
    members.push({ label, cell: compiled.member.cell, read: compiled.read });
  }
  return members.length === 0 ? undefined : readRow(members, row.layout);
}

function readRow(members: readonly ReadMember[], layout: Layout): ReadRow {
  return (scanner, tape) => {
    if (scanner.takesNull()) return nullCell;
    const start = tape.take(layout.size);
    for (const { label, cell, read } of members) {
      scanner.label(label);
      read(scanner, tape, start + cell);
    }
    scanner.expect(0x7d);
    return start;
  };
}

type Compiled = {
  readonly member: Exclude<Member, { readonly kind: "typename" }>;
  readonly read: ReadValue;
};

/** A field that clients do not see: a key that only representations need. */
function compileUnknown(row: Row, sets: readonly SelectionSetNode[], fetch: number): Compiled | undefined {
  if (sets.length > 0) return undefined;
  return { member: { kind: "leaf", row, cell: row.layout.reserve(2), fetch }, read: readLeaf(readPrimitive) };
}

type Field = {
  readonly row: Row;
  readonly type: GraphQLOutputType;
  readonly sets: readonly SelectionSetNode[];
  readonly fetch: number;
};

function compileMember({ row, type, sets, fetch }: Field, selecting: Selecting): Compiled | undefined {
  const { named, depth } = unwrap(type);
  if (isLeafType(named)) {
    const read = readLeaf(leafReader(named));
    const cell = row.layout.reserve(depth === 0 ? 2 : 1);
    return depth === 0
      ? { member: { kind: "leaf", row, cell, fetch }, read }
      : { member: { kind: "leaves", row, cell, fetch, depth }, read: inLists(read, 2, depth) };
  }
  if (!isObjectType(named)) return undefined;
  const place = new Place(named);
  const read = compileRow({ place, row: place.own, sets, fetch }, selecting);
  if (read === undefined) return undefined;
  const cell = row.layout.reserve(1);
  const readChild: ReadValue = (scanner, tape, into) => {
    // The tape may move while it is read.
    const start = read(scanner, tape);
    tape.cells[into] = start;
  };
  return { member: { kind: "child", row, cell, place, depth }, read: inLists(readChild, 1, depth) };
}

/** The type without its wrappers, and in how many lists it stands. */
function unwrap(type: GraphQLOutputType): {
  readonly named: Exclude<GraphQLOutputType, { readonly ofType: unknown }>;
  readonly depth: number;
} {
  if (isNonNullType(type)) return unwrap(type.ofType);
  if (!isListType(type)) return { named: type, depth: 0 };
  const { named, depth } = unwrap(type.ofType);
  return { named, depth: depth + 1 };
}

/** A list is a chain: each link of it is where the next is (zero: nowhere), and the cells of an item. */
function inLists(readItem: ReadValue, width: number, depth: number): ReadValue {
  if (depth === 0) return readItem;
  const readInner = inLists(readItem, width, depth - 1);
  const size = 1 + (depth === 1 ? width : 1);
  return (scanner, tape, into) => {
    if (scanner.takesNull()) {
      tape.cells[into] = nullCell;
      return;
    }
    scanner.expect(0x5b);
    if (scanner.takes(0x5d)) {
      tape.cells[into] = emptyCell;
      return;
    }
    let before = into;
    do {
      const link = tape.take(size);
      tape.cells[before] = link;
      readInner(scanner, tape, link + 1);
      before = link;
    } while (scanner.takes(0x2c));
    scanner.expect(0x5d);
  };
}

/** Reads a value that is not null. */
type ReadText = (scanner: Scanner) => void;

function readLeaf(read: ReadText): ReadValue {
  return (scanner, tape, cell) => {
    if (scanner.takesNull()) {
      tape.cells[cell] = nullCell;
      return;
    }
    tape.cells[cell] = scanner.at;
    read(scanner);
    tape.cells[cell + 1] = scanner.at;
  };
}

function leafReader(type: GraphQLLeafType): ReadText {
  if (isEnumType(type)) {
    const names = type.getValues().map(({ name }) => encode(`"${name}"`));
    return (scanner) => {
      const { at } = scanner;
      const name = names.find((each) => scanner.matches(each, at));
      if (name === undefined) leaveDirectWay();
      else scanner.at = at + name.length;
    };
  }
  return builtIn[type.name] ?? readPrimitive;
}

const readString: ReadText = (scanner) => scanner.string();

const builtIn: Readonly<Record<string, ReadText>> = {
  Int: (scanner) => scanner.int(),
  Float: (scanner) => scanner.number(),
  String: readString,
  Boolean: (scanner) => scanner.boolean(),
  // A number is made a string of, which is not the direct way.
  ID: readString,
};

/** An object or a list may hold one key twice, which no client should have to make sense of. */
const readPrimitive: ReadText = (scanner) => {
  const first = scanner.peek();
  if (first === 0x5b || first === 0x7b) leaveDirectWay();
  scanner.value();
};
