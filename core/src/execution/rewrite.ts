import type { GraphQLSchema } from "graphql";
import { isJsonObject, type JsonObject } from "./failure.ts";
import { own } from "./merge.ts";
import type { Rewrite, RewriteSegment } from "./plan.ts";
import { typeNames } from "./type-names.ts";

/** Changes a value in place, through lists at any depth. */
export type ApplyRewrite = (value: unknown) => void;

/** Compiles what the planner wants changed in a result before it is merged, or in a representation before it is sent. */
export function compileRewrite(rewrite: Rewrite, schema: GraphQLSchema): ApplyRewrite {
  if ("KeyRenamer" in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    return walk(path, schema, (object, key) => {
      const value = own(object, key);
      // The old key may stay: nothing that is planned reads it.
      if (value !== undefined) object[renameKeyTo] = value;
    });
  }
  const { path, setValueTo } = rewrite.ValueSetter;
  return walk(path, schema, (object, key) => {
    object[key] = setValueTo;
  });
}

function walk(
  path: readonly RewriteSegment[],
  schema: GraphQLSchema,
  change: (object: JsonObject, key: string) => void,
): ApplyRewrite {
  const [segment, ...rest] = path;
  if (segment === undefined) return () => undefined;
  let onObject: (object: JsonObject) => void;
  if ("TypenameEquals" in segment) {
    const names = typeNames(schema, segment.TypenameEquals);
    const next = walk(rest, schema, change);
    onObject = (object) => {
      const name = object["__typename"];
      // Without a name there was no choice of types.
      if (typeof name !== "string" || names.has(name)) next(object);
    };
  } else if (rest.length === 0) {
    onObject = (object) => change(object, segment.Key);
  } else {
    const next = walk(rest, schema, change);
    onObject = (object) => next(own(object, segment.Key));
  }
  const apply: ApplyRewrite = (value) => {
    if (Array.isArray(value)) for (const item of value) apply(item);
    else if (isJsonObject(value)) onObject(value);
  };
  return apply;
}
