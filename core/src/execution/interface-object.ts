import { type GraphQLInterfaceType, type GraphQLSchema, isObjectType, Kind, type SelectionNode } from "graphql";
import { pushDown } from "./conditions.ts";

/**
 * Asks of the interface itself what it has, where fragments on several of its types ask for it. For types that a
 * service knows as one (`@interfaceObject`) the planner else asks the one's fields for the other. What comes too much is
 * not looked at: the projection goes by the client's document.
 */
export function liftInterfaceFields(
  selections: readonly SelectionNode[],
  parent: GraphQLInterfaceType,
  schema: GraphQLSchema,
): readonly SelectionNode[] {
  const types = new Set(selections.flatMap((selection) => conditionOf(selection) ?? []));
  if (types.size < 2) return selections;
  return selections.flatMap((selection): readonly SelectionNode[] => {
    const type = schema.getType(conditionOf(selection) ?? "");
    if (selection.kind !== Kind.INLINE_FRAGMENT || !isObjectType(type)) return [selection];
    const isOfInterface = (inner: SelectionNode): boolean => {
      if (inner.kind !== Kind.FIELD) return false;
      const shared = parent.getFields()[inner.name.value];
      // An object's own field may be of a narrower type.
      return shared !== undefined && String(shared.type) === String(type.getFields()[inner.name.value]?.type);
    };
    const all = selection.selectionSet.selections;
    const lifted = all.filter(isOfInterface);
    const rest = all.filter((inner) => !isOfInterface(inner));
    const selectionSet = { ...selection.selectionSet, selections: rest };
    const own: readonly SelectionNode[] = rest.length > 0 ? [Object.assign({}, selection, { selectionSet })] : [];
    return [...pushDown(selection.directives ?? [], lifted), ...own];
  });
}

function conditionOf(selection: SelectionNode): string | undefined {
  return selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined;
}
