import { z } from "zod";
import { type Merged, originOf } from "./merge.ts";
import type { Origin } from "./origin.ts";
import { type Path, formatPath } from "./path.ts";
import type { NodeConfig } from "./schema.ts";
import { type Shape, configShape } from "./shape.ts";

/** One key of a whole configuration, in the form of a file: `"10s"`, not 10000. */
export type ConfigValue = {
  /** `services[products].url`. */
  readonly key: string;
  readonly path: Path;
  readonly value: string | boolean;
  readonly origin: Origin;
};

/** Every key that has a value, in the order of the schema. */
export function valuesOf(config: NodeConfig, merged: Merged): readonly ConfigValue[] {
  return valuesIn(configShape, config, []).map(({ path, value }) => ({
    key: formatPath(path),
    path,
    value,
    origin: originOf(merged, path),
  }));
}

const scalar = z.union([z.string(), z.boolean()]);
const object = z.record(z.string(), z.unknown());
const items = z.array(z.looseObject({ name: z.string() }));

type Found = { readonly path: Path; readonly value: string | boolean };

function valuesIn(shape: Shape, value: unknown, path: Path): readonly Found[] {
  if (value === undefined) return [];
  switch (shape.kind) {
    case "scalar":
      return [{ path, value: scalar.parse(z.encode(shape.schema, value)) }];
    case "list":
      return items.parse(value).flatMap((item) => valuesIn(shape.item, item, [...path, { item: item.name }]));
    case "object": {
      const members = object.parse(value);
      return [...shape.keys].flatMap(([key, inner]) => valuesIn(inner, members[key], [...path, key]));
    }
  }
}

/** The same configuration as the object that a file holds, everything spelled out. */
export function toFile(values: readonly ConfigValue[]): Readonly<Record<string, unknown>> {
  const root: Tree = {};
  for (const { path, value } of values) place(root, path, value);
  return root;
}

type Tree = { [key: string]: Tree | Tree[] | string | boolean };

/** Puts a value where its path says. Keys come from the schema and items in order, so nothing is ever replaced. */
function place(tree: Tree, path: Path, value: string | boolean): void {
  const [key, next, ...rest] = path;
  if (typeof key !== "string") return;
  if (next === undefined) {
    tree[key] = value;
  } else if (typeof next === "object") {
    const list = Array.isArray(tree[key]) ? tree[key] : [];
    tree[key] = list;
    const last = list.at(-1);
    const item = last?.["name"] === next.item ? last : {};
    if (item !== last) list.push(item);
    place(item, rest, value);
  } else {
    const inner = tree[key];
    const object = typeof inner === "object" && !Array.isArray(inner) ? inner : {};
    tree[key] = object;
    place(object, [next, ...rest], value);
  }
}
