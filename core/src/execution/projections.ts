import { forCombinations } from "./combinations.ts";
import type { PreparedOperation } from "./prepare.ts";
import { compileProjection, type Project } from "./projection.ts";

/** The projection of an operation for given variables. */
export type ProjectionFor = (variables: Readonly<Record<string, unknown>>) => Project;

/**
 * One projection for each combination of the variables that `@skip` and `@include` ask, compiled
 * when first asked: so no condition is looked at while an answer is written.
 */
export function projectionsOf(prepared: PreparedOperation, isFetched: boolean): ProjectionFor {
  const { schema, operation, fragments, keys } = prepared;
  return forCombinations(prepared.conditions, (conditions) => {
    const root = schema.getRootType(operation.operation);
    if (!root) throw new Error(`the schema has no ${operation.operation} type, but a valid operation of it`);
    const selecting = { schema, fragments, conditions };
    return compileProjection({ selecting, keys, root, selectionSet: operation.selectionSet, isFetched });
  });
}
