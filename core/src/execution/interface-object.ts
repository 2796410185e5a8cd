import {
  type DirectiveNode,
  type FieldNode,
  type GraphQLInterfaceType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionNode,
} from "graphql";
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
  const all = schema.getPossibleTypes(parent).map(({ name }) => name);
  const fields = selections.flatMap((selection) => fieldsIn(selection, all, [], schema));
  const partial = new Set(fields.filter(({ types }) => types.length < all.length).map(({ types }) => types.join()));
  if (partial.size < 2) return selections;
  return fields.flatMap(({ node, types, conditions }): readonly SelectionNode[] => {
    const isShared =
      node.name.value === "__typename" || types.every((name) => isOfInterface(node, name, parent, schema));
    if (isShared && types !== all) return [underFirst([...conditions.flat(), ...(node.directives ?? [])], node)];
    const planned = conditions.reduceRight<readonly SelectionNode[]>((inner, each) => pushDown(each, inner), [node]);
    if (types === all) return planned;
    return types.map((name) => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
      selectionSet: { kind: Kind.SELECTION_SET, selections: planned },
    }));
  });
}

/** Of conditions in conditions the planner loses the type too; of several alike the first must do. */
function underFirst(conditions: readonly DirectiveNode[], node: FieldNode): FieldNode {
  if (node.name.value === "__typename") return node;
  const names = conditions.map(({ name }) => name.value);
  return { ...node, directives: conditions.filter(({ name }, index) => names.indexOf(name.value) === index) };
}

type Selected = {
  readonly node: FieldNode;
  /** Of the objects that it is selected of. */
  readonly types: readonly string[];
  /** Of the fragments around it, from the outermost on. */
  readonly conditions: readonly (readonly DirectiveNode[])[];
};

function fieldsIn(
  selection: SelectionNode,
  types: readonly string[],
  conditions: Selected["conditions"],
  schema: GraphQLSchema,
): readonly Selected[] {
  if (selection.kind === Kind.FIELD) return [{ node: selection, types, conditions }];
  if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
  const type = schema.getType(selection.typeCondition?.name.value ?? "");
  const within = isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type?.name];
  const left = type === undefined ? types : types.filter((name) => within.includes(name));
  if (left.length === 0) return [];
  const all = [...conditions, selection.directives ?? []];
  return selection.selectionSet.selections.flatMap((inner) => fieldsIn(inner, left, all, schema));
}

/**
 * An object's own field may be of a narrower type than the interface's. One that may not be null takes its object along
 * where it fails, also an object of which the client did not ask it: better than a plan that never asks it.
 */
function isOfInterface(
  { name: { value } }: FieldNode,
  typeName: string,
  parent: GraphQLInterfaceType,
  schema: GraphQLSchema,
): boolean {
  const type = schema.getType(typeName);
  const shared = parent.getFields()[value]?.type;
  return shared !== undefined && isObjectType(type) && String(type.getFields()[value]?.type) === String(shared);
}
