import type { PreparedOperation } from "./prepare.ts";
import { compileProjection, type Project } from "./projection.ts";

/** The projection of an operation for given variables. */
export type ProjectionFor = (variables: Readonly<Record<string, unknown>>) => Project;

/** How many combinations of conditions are kept; a client can ask 2^n of them. */
const maxKept = 16;

/**
 * One projection for each combination of the variables that `@skip` and `@include` ask, compiled
 * when first asked: so no condition is looked at while an answer is written.
 */
export function projectionsOf(prepared: PreparedOperation, isFetched: boolean): ProjectionFor {
  const { schema, operation, fragments, keys, conditions } = prepared;
  const kept = new Map<string, Project>();
  return (variables) => {
    const combination = conditions.map((name) => (variables[name] === true ? "1" : "0")).join("");
    const known = kept.get(combination);
    if (known) return known;
    const root = schema.getRootType(operation.operation);
    if (!root) throw new Error(`the schema has no ${operation.operation} type, but a valid operation of it`);
    const values = new Map(conditions.map((name) => [name, variables[name] === true] as const));
    const selecting = { schema, fragments, conditions: values };
    const project = compileProjection({ selecting, keys, root, selectionSet: operation.selectionSet, isFetched });
    const [oldest] = kept.keys();
    if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
    kept.set(combination, project);
    return project;
  };
}
