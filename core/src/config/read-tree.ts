import { isForbiddenKey, joinKey } from "./path.ts";
import type { Located, Member, Place } from "./place.ts";
import { readScalar } from "./read-scalar.ts";
import { type Position, type Reading, joinReadings, kindName, problemHere } from "./reading.ts";
import type { ListShape, ObjectShape, Shape } from "./shape.ts";
import { didYouMean, suggest } from "./suggest.ts";

/** Compares what a source holds with the schema, key by key; nothing is merged or filled in yet. */
export function readTree(shape: Shape, node: Located, position: Position): Reading {
  switch (shape.kind) {
    case "scalar":
      return readScalar(shape, node, position);
    case "list":
      return readList(shape, node, position);
    case "object":
      return readObject(shape, node, position);
  }
}

function readObject(shape: ObjectShape, node: Located, position: Position): Reading {
  if (node.value.kind !== "object") return wrongKind("an object", node, position);
  const seen = new Map<string, Place>();
  return joinReadings(
    node.value.members.map((member) => {
      const earlier = seen.get(member.key);
      if (earlier) return duplicateKey(member, earlier, position);
      seen.set(member.key, member.place);
      return readMember(shape, member, position);
    }),
  );
}

function readMember(shape: ObjectShape, member: Member, position: Position): Reading {
  const { key, place, value } = member;
  const here = { path: position.path && [...position.path, key], shown: joinKey(position.shown, key) };
  if (isForbiddenKey(key)) return problemHere("CAT-CONFIG-013", here, place, "this key is not allowed");
  const inner = shape.keys.get(key);
  if (inner) return readTree(inner, value, here);
  const meant = suggest(key, shape.keys.keys());
  const instead = { ...here, path: meant === undefined ? here.path : position.path && [...position.path, meant] };
  return problemHere("CAT-CONFIG-004", instead, place, `unknown key${didYouMean(key, shape.keys.keys())}`);
}

function duplicateKey({ key, place }: Member, earlier: Place, position: Position): Reading {
  const here = { path: position.path && [...position.path, key], shown: joinKey(position.shown, key) };
  return problemHere("CAT-CONFIG-005", here, place, `duplicate key; it is already at ${earlier.label}`);
}

function readList(shape: ListShape, node: Located, position: Position): Reading {
  if (node.value.kind !== "list") return wrongKind("a list", node, position);
  const seen = new Map<string, Place>();
  return joinReadings(
    node.value.items.map((item, index) => {
      const name = nameOf(shape, item);
      const shown = `${position.shown}[${name ?? index}]`;
      const path = name === undefined || !position.path ? undefined : [...position.path, { item: name }];
      const earlier = name === undefined ? undefined : seen.get(name);
      if (name !== undefined) seen.set(name, item.place);
      if (earlier) {
        const message = `"${name}" is the name of two items; the other is at ${earlier.label}`;
        return problemHere("CAT-CONFIG-010", { path, shown: `${shown}.name` }, memberPlace(item, "name"), message);
      }
      return readItem(shape, item, { path, shown });
    }),
  );
}

/** Reads one item of a list; one without a name is told so at once, for it cannot be merged with other sources. */
export function readItem(shape: ListShape, item: Located, position: Position): Reading {
  const reading = readTree(shape.item, item, position);
  if (item.value.kind !== "object" || item.value.members.some(({ key }) => isMeantAsName(shape, key))) return reading;
  return joinReadings([reading, problemHere("CAT-CONFIG-008", position, item.place, `"name" is missing`)]);
}

/** A mistyped name is told as an unknown key already. */
function isMeantAsName(shape: ListShape, key: string): boolean {
  return key === "name" || (!shape.item.keys.has(key) && suggest(key, shape.item.keys.keys()) === "name");
}

/** The item's name when it is a valid one, which is what sources are merged by. */
export function nameOf(shape: ListShape, item: Located): string | undefined {
  const named = shape.item.keys.get("name");
  if (named?.kind !== "scalar" || item.value.kind !== "object") return undefined;
  const node = item.value.members.find(({ key }) => key === "name")?.value.value;
  const text = node?.kind === "word" ? node.text : node?.kind === "scalar" ? node.value : undefined;
  return typeof text === "string" && named.schema.safeParse(text).success ? text : undefined;
}

function memberPlace(item: Located, key: string): Place {
  if (item.value.kind !== "object") return item.place;
  return item.value.members.find((member) => member.key === key)?.value.place ?? item.place;
}

function wrongKind(expected: string, node: Located, position: Position): Reading {
  return problemHere("CAT-CONFIG-006", position, node.place, `${expected} is expected, not ${kindName(node)}`);
}
