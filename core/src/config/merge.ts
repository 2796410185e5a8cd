import type { Origin } from "./origin.ts";
import { type Path, formatPath, isItemName } from "./path.ts";
import type { Place } from "./place.ts";
import type { Unset } from "./read-flags.ts";
import type { Setting } from "./reading.ts";
import type { ObjectShape, ScalarShape, Shape } from "./shape.ts";

/** What all sources together set, by address; the strongest source's value stands. */
export type Merged = {
  readonly settings: ReadonlyMap<string, Setting>;
  readonly unsets: readonly Unset[];
};

/** One key of the merged configuration, set or not. */
export type Leaf = { readonly path: Path; readonly shape: ScalarShape; readonly setting: Setting | undefined };

/**
 * Lays sources over one another, weakest first, key by key; items keep the order in which they are
 * first named. Unsetting clears all sources but the flags themselves.
 */
export function merge(
  lower: readonly (readonly Setting[])[],
  flags: { readonly settings: readonly Setting[]; readonly unsets: readonly Unset[] },
): Merged {
  const settings = new Map<string, Setting>();
  for (const setting of lower.flat()) {
    if (!unsetOf(flags.unsets, setting.path)) settings.set(formatPath(setting.path), setting);
  }
  for (const setting of flags.settings) settings.set(formatPath(setting.path), setting);
  return { settings, unsets: flags.unsets };
}

/** Where the value of a key comes from; an item's name comes from the source that names the item first. */
export function originOf({ settings, unsets }: Merged, path: Path): Origin {
  const set =
    settings.get(formatPath(path)) ?? (isItemName(path) ? firstBelow(settings, path.slice(0, -1)) : undefined);
  return set?.place.origin ?? unsetOf(unsets, path)?.place.origin ?? { kind: "default" };
}

/** The place of the first setting at or below an address. */
export function placeOfKey({ settings }: Merged, path: Path): Place | undefined {
  return (settings.get(formatPath(path)) ?? firstBelow(settings, path))?.place;
}

/** The names of a list's items, in their order. */
export function itemNames({ settings }: Merged, list: Path): readonly string[] {
  const names = [...settings.values()].flatMap(({ path }) => {
    const segment = startsWith(path, list) ? path[list.length] : undefined;
    return typeof segment === "object" ? [segment.item] : [];
  });
  return [...new Set(names)];
}

/** Every key that the configuration has now: all of the schema, once for each item of a list. */
export function leavesOf(merged: Merged, shape: Shape, path: Path = []): readonly Leaf[] {
  switch (shape.kind) {
    case "scalar":
      return [{ path, shape, setting: merged.settings.get(formatPath(path)) }];
    case "list":
      return itemNames(merged, path).flatMap((item) => leavesOf(merged, shape.item, [...path, { item }]));
    case "object":
      return isAbsent(merged, shape, path)
        ? []
        : [...shape.keys].flatMap(([key, inner]) => leavesOf(merged, inner, [...path, key]));
  }
}

/** An optional object, such as tls, is absent until something in it is set; those with a default have no required key. */
export function isAbsent({ settings }: Merged, shape: ObjectShape, path: Path): boolean {
  if (shape.required || path.length === 0 || typeof path.at(-1) === "object") return false;
  const mustBeWhole = [...shape.keys.values()].some(({ required }) => required);
  return mustBeWhole && firstBelow(settings, path) === undefined;
}

/** Unset flags that name an item which no source has; most likely a mistyped name. */
export function missedUnsets(lower: readonly (readonly Setting[])[], unsets: readonly Unset[]): readonly Unset[] {
  return unsets.filter(({ path }) => {
    const item = path.findLastIndex((segment) => typeof segment === "object");
    const start = path.slice(0, item + 1);
    return item >= 0 && !lower.some((settings) => settings.some((setting) => startsWith(setting.path, start)));
  });
}

function unsetOf(unsets: readonly Unset[], path: Path): Unset | undefined {
  return unsets.find((unset) => startsWith(path, unset.path));
}

function firstBelow(settings: Merged["settings"], path: Path): Setting | undefined {
  return [...settings.values()].find((setting) => startsWith(setting.path, path));
}

function startsWith(path: Path, start: Path): boolean {
  if (path.length < start.length) return false;
  return start.every((segment, index) => {
    const other = path[index];
    if (typeof segment === "string" || typeof other === "string") return segment === other;
    return segment.item === other?.item;
  });
}
