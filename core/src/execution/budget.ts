import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import { fail, ok, type Result } from "../model/index.ts";

/** How many fields an operation may select with its fragments written out. */
export const defaultFieldBudget = 2_000;

/**
 * Sizes each operation of a document as if its fragments were written out, without writing them
 * out: a fragment is counted once and remembered, so a bomb of 2^40 fields costs as much as its text.
 * To be asked before graphql-js validates and before anything is planned; a cycle overflows the
 * planner's stack.
 */
export function checkBudget(document: DocumentNode, limit: number = defaultFieldBudget): Result<number> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const sizes = new Map<string, number | "counting">();
  let largest = 0;
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const size = node.kind === Kind.FRAGMENT_DEFINITION ? spread(node.name.value) : count(node.selectionSet);
    if (typeof size === "string")
      return fail({ code: "CAT-EXEC-003", path: "", message: `the fragment "${size}" spreads itself` });
    if (size > limit) {
      return fail({
        code: "CAT-EXEC-004",
        path: "",
        message: `the operation selects more than ${limit} fields, fragments written out`,
      });
    }
    if (node.kind === Kind.OPERATION_DEFINITION) largest = Math.max(largest, size);
  }
  return ok(largest);

  /** The number of fields, or the name of a fragment that spreads itself. */
  function count(set: SelectionSetNode): number | string {
    let total = 0;
    for (const selection of set.selections) {
      const size =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? spread(selection.name.value)
          : selection.selectionSet
            ? count(selection.selectionSet)
            : 0;
      if (typeof size === "string") return size;
      total += size + (selection.kind === Kind.FIELD ? 1 : 0);
    }
    return total;
  }

  function spread(name: string): number | string {
    const known = sizes.get(name);
    if (known === "counting") return name;
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    if (fragment === undefined) return 0;
    sizes.set(name, "counting");
    const size = count(fragment.selectionSet);
    if (typeof size === "number") sizes.set(name, size);
    return size;
  }
}
