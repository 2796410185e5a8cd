import type { RequiresSelection } from "../plan.ts";
import { type ByteWriter, encode } from "./bytes.ts";
import type { DirectRun } from "./direct-run.ts";
import type { Child, Member, Place, Row } from "./layout.ts";
import { nullBytes } from "./scanner.ts";
import { nullCell } from "./tape.ts";
import { leaveDirectWay } from "./not-direct.ts";

/** Writes the representation of the object whose own row begins there. */
export type WriteRepresentation = (run: DirectRun, record: number, out: ByteWriter) => void;

/** Compiles what a fetch requires of the objects at a place; undefined for what the direct way does not know. */
export function compileRepresentation(
  requires: readonly RequiresSelection[],
  place: Place,
): WriteRepresentation | undefined {
  const [only, ...others] = requires;
  if (only?.kind !== "InlineFragment" || others.length > 0) return undefined;
  if (only.typeCondition !== place.type.name || only.skipIf || only.includeIf) return undefined;
  return writeSelections(only.selections, place);
}

type WritePart = (run: DirectRun, record: number, out: ByteWriter) => void;

function writeSelections(selections: readonly RequiresSelection[], place: Place): WriteRepresentation | undefined {
  const parts: WritePart[] = [];
  const keys = new Set<string>();
  for (const selection of selections) {
    if (selection.kind !== "Field") return undefined;
    const key = selection.alias ?? selection.name;
    const member = place.get(selection.name);
    if (member === undefined || keys.has(key)) return undefined;
    const value = writeMember(member, selection.selections ?? [], place);
    if (value === undefined) return undefined;
    const label = encode(`${keys.size === 0 ? "{" : ","}"${key}":`);
    keys.add(key);
    parts.push((run, record, out) => {
      out.all(label);
      value(run, record, out);
    });
  }
  if (parts.length === 0) return undefined;
  return (run, record, out) => {
    for (const part of parts) part(run, record, out);
    out.byte(0x7d);
  };
}

function writeMember(member: Member, below: readonly RequiresSelection[], place: Place): WritePart | undefined {
  switch (member.kind) {
    case "typename": {
      const name = encode(`"${place.type.name}"`);
      return (_, __, out) => out.all(name);
    }
    case "leaf": {
      const { row, cell, fetch } = member;
      return (run, record, out) => {
        const start = rowOf(run, record, row);
        if (start === nullCell) out.all(nullBytes);
        else writeLeaf(run, start + cell, fetch, out);
      };
    }
    case "child":
      return below.length === 0 ? undefined : writeChild(member, below);
    case "leaves":
      return undefined;
  }
}

/** Objects in lists are not required directly. */
function writeChild({ row, cell, place, depth }: Child, below: readonly RequiresSelection[]): WritePart | undefined {
  const write = depth === 0 ? writeSelections(below, place) : undefined;
  if (write === undefined) return undefined;
  return (run, record, out) => {
    const start = rowOf(run, record, row);
    const child = start === nullCell ? start : (run.tape.cells[start + cell] ?? 0);
    if (child === nullCell) out.all(nullBytes);
    else write(run, child, out);
  };
}

function writeLeaf(run: DirectRun, at: number, fetch: number, out: ByteWriter): void {
  const { cells } = run.tape;
  const start = cells[at] ?? 0;
  if (start === nullCell) out.all(nullBytes);
  else out.part(run.answer(fetch), start, cells[at + 1] ?? 0);
}

/** Where a row of an object begins; `nullCell` when it is of an entity that its service does not know. */
export function rowOf({ tape }: DirectRun, record: number, { link }: Row): number {
  if (link === undefined) return record;
  const row = tape.cells[record + link] ?? 0;
  return row > 0 || row === nullCell ? row : leaveDirectWay();
}
