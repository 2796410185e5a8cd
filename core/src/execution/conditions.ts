import { type DirectiveNode, Kind, print, type SelectionNode } from "graphql";

/** Whether a literal condition takes a selection out, whatever the variables. */
export function neverSelected(directives: readonly DirectiveNode[] = []): boolean {
  return directives.some(({ name, arguments: given }) => {
    const value = given?.find((argument) => argument.name.value === "if")?.value;
    return value?.kind === Kind.BOOLEAN && value.value === (name.value === "skip");
  });
}

/** The conditions that depend on a variable. Literal ones are decided, other directives are not for services. */
export function conditional(directives: readonly DirectiveNode[] = []): readonly DirectiveNode[] {
  return directives.filter(({ name, arguments: given }) => {
    const isCondition = name.value === "skip" || name.value === "include";
    return isCondition && given?.some((argument) => argument.value.kind === Kind.VARIABLE) === true;
  });
}

/**
 * Puts the conditions of a fragment on what it selects. For a fragment on the very type it stands
 * in, where the planner goes astray: it finds no way through one on a union, and loses its paths
 * through some at the root.
 */
export function pushDown(
  conditions: readonly DirectiveNode[],
  selections: readonly SelectionNode[],
): readonly SelectionNode[] {
  if (conditions.length === 0) return selections;
  return selections.map((selection): SelectionNode => {
    if (selection.kind === Kind.FIELD && selection.name.value === "__typename") return selection;
    const own = selection.directives ?? [];
    const added = conditions.filter((condition) => !own.some((directive) => print(directive) === print(condition)));
    const clashes = added.some(({ name }) => own.some((directive) => directive.name.value === name.value));
    if (!clashes) return Object.assign({}, selection, { directives: [...added, ...own] });
    return {
      kind: Kind.INLINE_FRAGMENT,
      directives: added,
      selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] },
    };
  });
}

/** The same selections, fields before fragments. */
export function fieldsFirst(selections: readonly SelectionNode[]): readonly SelectionNode[] {
  const [fields, fragments]: [SelectionNode[], SelectionNode[]] = [[], []];
  for (const selection of selections) (selection.kind === Kind.FIELD ? fields : fragments).push(selection);
  return [...fields, ...fragments];
}
