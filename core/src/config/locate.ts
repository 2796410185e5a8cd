import type { Located, LocatedValue, Place } from "./place.ts";

/** Gives every part of a plain value the same place: for sources that are values of the program, not documents. */
export function locateAll(value: unknown, place: Place): Located {
  return { place, value: located(value, place) };
}

function located(value: unknown, place: Place): LocatedValue {
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => locateAll(item, place)) };
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return { kind: "scalar", value };
  }
  if (typeof value !== "object" || value === null) return { kind: "scalar", value: null };
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return { kind: "object", members: members.map(([key, inner]) => ({ key, place, value: locateAll(inner, place) })) };
}
