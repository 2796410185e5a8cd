import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import type { InternalKeys } from "./keys.ts";

/** What selects something: a field, or a whole operation. */
export type Selector = { readonly selectionSet?: SelectionSetNode | undefined };

/** Whether a fragment on the type of this name is looked into. */
type OnType = (typeName: string) => boolean;

/** How many parts of a path below fields lead along what they select, whatever the conditions, on the types that count. */
export function selectedDepth(
  path: readonly (string | number)[],
  nodes: readonly Selector[],
  keys: InternalKeys,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  counts: OnType = () => true,
): number {
  let current = nodes;
  for (const [depth, part] of path.entries()) {
    if (typeof part === "number") continue;
    current = current
      .flatMap(({ selectionSet }) => fieldsIn(selectionSet, fragments, counts))
      .filter((node) => keys.of(node) === part);
    if (current.length === 0) return depth;
  }
  return path.length;
}

function fieldsIn(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  counts: OnType,
): readonly FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const condition = fragment?.typeCondition?.name.value;
    if (condition !== undefined && !counts(condition)) return [];
    return fieldsIn(fragment?.selectionSet, fragments, counts);
  });
}
