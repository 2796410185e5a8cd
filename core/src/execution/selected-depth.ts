import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import type { InternalKeys } from "./keys.ts";

/** What selects something: a field, or a whole operation. */
export type Selector = { readonly selectionSet?: SelectionSetNode | undefined };

/** How many parts of a path below fields lead along what they select, whatever the types and conditions. */
export function selectedDepth(
  path: readonly (string | number)[],
  nodes: readonly Selector[],
  keys: InternalKeys,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  let current = nodes;
  for (const [depth, part] of path.entries()) {
    if (typeof part === "number") continue;
    current = current
      .flatMap(({ selectionSet }) => fieldsIn(selectionSet, fragments))
      .filter((node) => keys.of(node) === part);
    if (current.length === 0) return depth;
  }
  return path.length;
}

function fieldsIn(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly FieldNode[] {
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return fieldsIn(fragment?.selectionSet, fragments);
  });
}
