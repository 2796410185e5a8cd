import { quote } from "../model/index.ts";
import { parseDocument } from "./document.ts";
import { splitAssignment, splitPairs } from "./pairs.ts";
import type { Located, Member, Place } from "./place.ts";
import { problemAt } from "./problems.ts";
import { nameOf, readItem } from "./read-tree.ts";
import { type Reading, joinReadings } from "./reading.ts";
import type { ListShape } from "./shape.ts";

/** Reads `--service name=products,url=...,schema.from=file`, or the same item as JSON when it begins with `{`. */
export function readItemFlag(shape: ListShape, flag: string, text: string, place: Place): Reading {
  if (text.trimStart().startsWith("{")) {
    const parsed = parseDocument({ label: flag, text, origin: () => place.origin });
    return parsed.ok ? readLocated(shape, parsed.value) : { settings: [], problems: parsed.problems };
  }
  const pairs = splitPairs(text);
  if ("message" in pairs) return malformed(place, pairs.message);
  const assignments = pairs.map((pair) => splitAssignment(pair) ?? pair);
  const broken = assignments.flatMap((pair) =>
    typeof pair === "string"
      ? [malformed(place, `${quote(pair)} is not key=value; a comma in a value is written "\\,"`)]
      : [],
  );
  if (broken.length > 0) return joinReadings(broken);
  const whole = assignments.filter((pair) => typeof pair !== "string");
  return readLocated(shape, nest(whole, place));
}

function readLocated(shape: ListShape, item: Located): Reading {
  const name = nameOf(shape, item);
  const path = name === undefined ? undefined : [...shape.key.split("."), { item: name }];
  return readItem(shape, item, { path, shown: `${shape.key}[${name ?? ""}]` });
}

/** Brings `schema.from=file` into the form of `{"schema": {"from": "file"}}`. */
function nest(assignments: readonly (readonly [string, string])[], place: Place): Located {
  const groups = new Map<string, [string, string][]>();
  const members: Member[] = [];
  for (const [key, text] of assignments) {
    const dot = key.indexOf(".");
    if (dot === -1) members.push({ key, place, value: { place, value: { kind: "word", text } } });
    else {
      const outer = key.slice(0, dot);
      groups.set(outer, [...(groups.get(outer) ?? []), [key.slice(dot + 1), text]]);
    }
  }
  for (const [key, inner] of groups) members.push({ key, place, value: nest(inner, place) });
  return { place, value: { kind: "object", members } };
}

function malformed(place: Place, message: string): Reading {
  return { settings: [], problems: [problemAt("CAT-CONFIG-011", place, "", message)] };
}
