import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  isListType,
  isNonNullType,
  type SelectionSetNode,
} from "graphql";
import { collectFields, type Selecting } from "../fields.ts";
import type { InternalKeys } from "../keys.ts";
import { type ByteWriter, encode } from "./bytes.ts";
import type { DirectRun } from "./direct-run.ts";
import type { Member, Place, Row } from "./layout.ts";
import { leaveDirectWay } from "./not-direct.ts";
import { rowOf } from "./represent.ts";
import { nullBytes } from "./scanner.ts";
import { nullCell } from "./tape.ts";

/** Writes the object whose own row begins there. */
export type WriteObject = (run: DirectRun, record: number, out: ByteWriter) => void;

export type Projected = { readonly selecting: Selecting; readonly keys: InternalKeys };

type WriteField = { readonly label: Uint8Array; readonly write: WriteObject };

/** Compiles what the client selects of the objects at a place; undefined where nothing of it was fetched. */
export function compileObject(
  { selecting, keys }: Projected,
  place: Place,
  sets: readonly SelectionSetNode[],
): WriteObject | undefined {
  const fields: WriteField[] = [];
  for (const [key, nodes] of collectFields(selecting, place.type, sets)) {
    const label = encode(`${fields.length === 0 ? "{" : ","}"${key}":`);
    const [node] = nodes;
    const name = node.name.value;
    if (name === "__typename") {
      const text = encode(`"${place.type.name}"`);
      fields.push({ label, write: (_, __, out) => out.all(text) });
      continue;
    }
    const member = place.get(keys.of(node));
    const type = fieldType(place.type, name);
    if (member === undefined || type === undefined) return undefined;
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const write = compileMember({ selecting, keys }, member, type, below);
    if (write === undefined) return undefined;
    fields.push({ label, write });
  }
  if (fields.length === 0) return (_, __, out) => out.all(emptyObject);
  return (run, record, out) => {
    for (const { label, write } of fields) {
      out.all(label);
      write(run, record, out);
    }
    out.byte(0x7d);
  };
}

const emptyObject = encode("{}");

/** Introspection is none of a service's. */
function fieldType(type: GraphQLObjectType, name: string): GraphQLOutputType | undefined {
  return name.startsWith("__") ? undefined : type.getFields()[name]?.type;
}

/** Writes the value in a cell. */
type WriteValue = (run: DirectRun, cell: number, out: ByteWriter) => void;

function compileMember(
  projected: Projected,
  member: Member,
  type: GraphQLOutputType,
  sets: readonly SelectionSetNode[],
): WriteObject | undefined {
  if (member.kind === "typename") return undefined;
  const inner = compileInner(projected, member, sets);
  if (inner === undefined) return undefined;
  return fromRow(member.row, member.cell, wrap(type, inner), isNonNullType(type));
}

function compileInner(
  projected: Projected,
  member: Exclude<Member, { readonly kind: "typename" }>,
  sets: readonly SelectionSetNode[],
): WriteValue | undefined {
  if (member.kind === "child") {
    const write = compileObject(projected, member.place, sets);
    return write && ((run, cell, out) => write(run, run.tape.cells[cell] ?? 0, out));
  }
  const { fetch } = member;
  return (run, cell, out) => {
    const { cells } = run.tape;
    out.part(run.answer(fetch), cells[cell] ?? 0, cells[cell + 1] ?? 0);
  };
}

/** An entity that its service does not know has nothing but nulls. */
function fromRow(row: Row, offset: number, write: WriteValue, isNonNull: boolean): WriteObject {
  if (row.link === undefined) return (run, record, out) => write(run, record + offset, out);
  return (run, record, out) => {
    const start = rowOf(run, record, row);
    if (start !== nullCell) write(run, start + offset, out);
    else if (isNonNull) leaveDirectWay();
    else out.all(nullBytes);
  };
}

function wrap(type: GraphQLOutputType, inner: WriteValue): WriteValue {
  if (isNonNullType(type)) {
    const write = wrapNullable(type.ofType, inner);
    return (run, cell, out) => {
      if (run.tape.cells[cell] === nullCell) leaveDirectWay();
      write(run, cell, out);
    };
  }
  const write = wrapNullable(type, inner);
  return (run, cell, out) => {
    if (run.tape.cells[cell] === nullCell) out.all(nullBytes);
    else write(run, cell, out);
  };
}

function wrapNullable(type: GraphQLOutputType, inner: WriteValue): WriteValue {
  if (!isListType(type)) return inner;
  const item = wrap(type.ofType, inner);
  return (run, cell, out) => {
    out.byte(0x5b);
    const { cells } = run.tape;
    const first = cells[cell] ?? 0;
    for (let link = first; link > 0; link = cells[link] ?? 0) {
      if (link !== first) out.byte(0x2c);
      item(run, link + 1, out);
    }
    out.byte(0x5d);
  };
}
