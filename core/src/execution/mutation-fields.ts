import { type DirectiveNode, type FieldNode, Kind, type SelectionNode, type SelectionSetNode } from "graphql";
import { pushDown } from "./conditions.ts";

/**
 * The fields at a mutation's root, each response key run at most once. GraphQL merges a key's occurrences (6.3.2); the
 * planner plans each by itself when their conditions differ, which would change the world twice. So an occurrence is
 * planned under the condition that no earlier one is selected, and asks for what the later ones want too. Undefined
 * where that cannot be said in `@skip` and `@include`.
 */
export function onceEach(selections: readonly SelectionNode[]): readonly SelectionNode[] | undefined {
  const fields = selections.flatMap((selection) => occurrences(selection, []));
  if (new Set(fields.map(({ key }) => key)).size === fields.length) return selections;
  const planned: SelectionNode[] = [];
  for (const [index, field] of fields.entries()) {
    const earlier = fields.slice(0, index).filter(({ key }) => key === field.key);
    const later = fields.slice(index + 1).filter(({ key }) => key === field.key);
    if (earlier.some(({ conditions }) => conditions.length === 0)) continue;
    if (earlier.some(({ conditions }) => conditions.length > 1)) return undefined;
    const conditions = [...field.conditions, ...earlier.flatMap((other) => other.conditions.map(opposite))];
    const distinct = conditions.filter((one, at) => conditions.findIndex((other) => isSame(one, other)) === at);
    if (distinct.some((one) => distinct.some((other) => isSame(one, opposite(other))))) continue;
    planned.push(under(distinct, withSelections(field, later)));
  }
  return planned;
}

type Condition = { readonly variable: string; readonly holds: boolean };
type Occurrence = {
  readonly key: string;
  readonly node: FieldNode;
  /** All of them select it. */
  readonly conditions: readonly Condition[];
};

function occurrences(selection: SelectionNode, outer: readonly Condition[]): readonly Occurrence[] {
  const conditions = [...outer, ...(selection.directives ?? []).flatMap(conditionOf)];
  if (selection.kind === Kind.INLINE_FRAGMENT)
    return selection.selectionSet.selections.flatMap((inner) => occurrences(inner, conditions));
  if (selection.kind !== Kind.FIELD) return [];
  return [{ key: selection.alias?.value ?? selection.name.value, node: selection, conditions }];
}

function conditionOf({ name, arguments: given }: DirectiveNode): readonly Condition[] {
  const value = given?.[0]?.value;
  return value?.kind === Kind.VARIABLE ? [{ variable: value.name.value, holds: name.value === "include" }] : [];
}

function opposite({ variable, holds }: Condition): Condition {
  return { variable, holds: !holds };
}

function isSame(one: Condition, other: Condition): boolean {
  return one.variable === other.variable && one.holds === other.holds;
}

function withSelections({ node }: Occurrence, later: readonly Occurrence[]): FieldNode {
  if (node.selectionSet === undefined) return { ...node, directives: [] };
  const wanted = later.flatMap(({ node: other, conditions }) =>
    conditions.reduce(
      (selections, condition) => pushDown([directive(condition)], selections),
      other.selectionSet?.selections ?? [],
    ),
  );
  const selectionSet: SelectionSetNode = {
    kind: Kind.SELECTION_SET,
    selections: [...node.selectionSet.selections, ...wanted],
  };
  return { ...node, directives: [], selectionSet };
}

/** One condition for each fragment around it: a selection bears no two directives of one name. */
function under([first, ...rest]: readonly Condition[], field: FieldNode): SelectionNode {
  if (first === undefined) return field;
  if (rest.length === 0) return { ...field, directives: [directive(first)] };
  return {
    kind: Kind.INLINE_FRAGMENT,
    directives: [directive(first)],
    selectionSet: { kind: Kind.SELECTION_SET, selections: [under(rest, field)] },
  };
}

function directive({ variable, holds }: Condition): DirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: holds ? "include" : "skip" },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: "if" },
        value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variable } },
      },
    ],
  };
}
