import type { GraphQLSchema } from "graphql";
import { Failure, isJsonObject, type JsonObject } from "./failure.ts";
import { own } from "./merge.ts";
import type { FlattenPath } from "./plan.ts";
import { typeNames } from "./type-names.ts";

/** Finds the objects that a Flatten path leads to, in document order. */
export type Collect = (root: JsonObject) => readonly JsonObject[];

/**
 * Compiles a Flatten path. Shared objects are visited once: without that, lists of shared lists
 * would be walked as often as they are shared, which multiplies at each level.
 */
export function compilePath(path: FlattenPath, schema: GraphQLSchema): Collect {
  const segments = path.map((segment): Expand => {
    if (segment === "@") return expandList;
    if ("Field" in segment) return expandField(segment.Field);
    const names = typeNames(schema, segment.TypeCondition);
    return (value, found) => {
      if (!isJsonObject(value)) return;
      const name = value["__typename"];
      // A plan may name the only type there is, and not ask for it.
      if (name === undefined || (typeof name === "string" && names.has(name))) found.add(value);
    };
  });
  return (root) => {
    let current = new Set<unknown>([root]);
    for (const expand of segments) {
      const found = new Set<unknown>();
      for (const value of current) expand(value, found);
      current = found;
    }
    return [...current].filter(isJsonObject);
  };
}

type Expand = (value: unknown, found: Set<unknown>) => void;

function expandField(key: string): Expand {
  return (value, found) => {
    if (!isJsonObject(value)) return;
    const child = own(value, key);
    if (typeof child === "object" && child !== null && !(child instanceof Failure)) found.add(child);
  };
}

const expandList: Expand = (value, found) => {
  if (!Array.isArray(value)) return;
  for (const item of value) {
    if (Array.isArray(item)) expandList(item, found);
    else if (isJsonObject(item)) found.add(item);
  }
};
