import { formatPath, type Path } from "./path.ts";
import type { Located, Place } from "./place.ts";
import { type ConfigProblem, type ConfigProblemCode, problemAt } from "./problems.ts";
import type { ScalarShape } from "./shape.ts";

/** One value that one source gives to one key; in the form of a file, and already found valid by the schema. */
export type Setting = {
  readonly path: Path;
  readonly shape: ScalarShape;
  readonly value: string | boolean;
  readonly place: Place;
};

/** What a source holds: everything in it that is right, and everything that is wrong. */
export type Reading = { readonly settings: readonly Setting[]; readonly problems: readonly ConfigProblem[] };

/** Where the reading is: the address for merging (unknown below an item without name), and as the source shows it. */
export type Position = { readonly path: Path | undefined; readonly shown: string };

export const nothingRead: Reading = { settings: [], problems: [] };

/** Joins readings in their order. */
export function joinReadings(readings: readonly Reading[]): Reading {
  return {
    settings: readings.flatMap(({ settings }) => settings),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

/** A problem with what stands at a position; `key` lets later checks know that it is dealt with. */
export function problemHere(
  code: ConfigProblemCode,
  { path, shown }: Position,
  place: Place,
  message: string,
): Reading {
  return { settings: [], problems: [problemAt(code, place, shown, message, path && formatPath(path))] };
}

/** What a value is, in words for people. */
export function kindName({ value }: Located): string {
  if (value.kind === "object") return "an object";
  if (value.kind === "list") return "a list";
  if (value.kind === "word" || typeof value.value === "string") return "text";
  if (value.value === null) return "null";
  return `the ${typeof value.value} ${String(value.value)}`;
}
