import { type Merged, isAbsent, itemNames } from "./merge.ts";
import { type Path, formatPath, isItemName } from "./path.ts";
import { type ParsedConfig, nodeConfigSchema } from "./schema.ts";
import { type ObjectShape, type Shape, configShape } from "./shape.ts";

/**
 * The configuration of all settings, defaults filled in by the schema. A required key that is missing gets
 * its example, so that the rules between keys can be checked even then; whoever calls has told of it.
 */
export function buildConfig(merged: Merged): ParsedConfig {
  return nodeConfigSchema.parse(build(merged, configShape, []));
}

function build(merged: Merged, shape: Shape, path: Path): unknown {
  switch (shape.kind) {
    case "scalar": {
      const item = path.at(-2);
      if (isItemName(path) && typeof item === "object") return item.item;
      const value = merged.settings.get(formatPath(path))?.value;
      return value ?? (shape.required ? shape.examples[0] : undefined);
    }
    case "list":
      return itemNames(merged, path).map((item) => build(merged, shape.item, [...path, { item }]));
    case "object":
      return isAbsent(merged, shape, path) ? undefined : buildObject(merged, shape, path);
  }
}

function buildObject(merged: Merged, shape: ObjectShape, path: Path): unknown {
  const members = [...shape.keys].map(([key, inner]) => [key, build(merged, inner, [...path, key])] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}
