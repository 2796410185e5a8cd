import type { Origin } from "./origin.ts";
import { formatOrigin } from "./origin.ts";

/** Where a value was read: what `--origins` shows of it, and what a problem shows of it. */
export type Place = {
  readonly origin: Origin;
  /** `catalyst.json:5:47`, `--gateway-listen`, `CATALYST_SERVICES:1:3`. */
  readonly label: string;
  /** For sources that are documents: all its lines and the place in them, both counted from 1. */
  readonly source?: { readonly lines: readonly string[]; readonly line: number; readonly column: number };
};

/** The place of a source that is one value, such as a flag. */
export function placeOf(origin: Origin): Place {
  return { origin, label: formatOrigin(origin) };
}

/** A value and its place, before the schema has been asked. Every source is brought into this form. */
export type Located = { readonly place: Place; readonly value: LocatedValue };

export type LocatedValue =
  | { readonly kind: "scalar"; readonly value: string | number | boolean | null }
  /** Text of a flag or variable: what it means is the schema's to say, never guessed. */
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "object"; readonly members: readonly Member[] }
  | { readonly kind: "list"; readonly items: readonly Located[] };

export type Member = { readonly key: string; readonly place: Place; readonly value: Located };
