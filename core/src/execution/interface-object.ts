import {
  type DirectiveNode,
  type FieldNode,
  type GraphQLInterfaceType,
  type GraphQLSchema,
  isAbstractType,
  isNonNullType,
  isObjectType,
  Kind,
  print,
  type SelectionNode,
} from "graphql";
import { pushDown } from "./conditions.ts";
import type { InterfaceObject } from "./supergraph-facts.ts";

/**
 * Asks of the interface itself what it has, where fragments on several of its types ask for it. For types that a
 * service knows as one (`@interfaceObject`) the planner else asks a field only of the last of them, or finds no way. What
 * comes too much is not looked at: the projection goes by the client's document. But a field that may not be null takes
 * its object along where it fails, also one of which the client did not ask it: such a field is lifted only where the
 * planner would go wrong on every request, which is where such a service brings it for more than one type.
 */
export function liftInterfaceFields(
  selections: readonly SelectionNode[],
  parent: GraphQLInterfaceType,
  { brought, everywhere }: InterfaceObject,
  schema: GraphQLSchema,
): readonly SelectionNode[] {
  const all = schema.getPossibleTypes(parent).map(({ name }) => name);
  const fields = selections.flatMap((selection) => fieldsIn(selection, all, [], schema));
  const partial = fields.filter(({ types }) => types.length < all.length);
  // The planner takes a fragment on all of them for one on each.
  const within = typesOf(fields.filter(({ conditions }) => conditions.length > 0));
  if ((partial.length === 0 && !fields.some(clashes)) || within.size < 2) return selections;
  const askers = new Map<string, Set<string>>();
  for (const { node, types } of fields)
    askers.set(keyOf(node), (askers.get(keyOf(node)) ?? new Set<string>()).add(types.join()));
  const risks = ({ node }: Selected) => {
    if (everywhere.has(node.name.value)) return false;
    if (isNonNullType(parent.getFields()[node.name.value]?.type)) return true;
    // What some objects are asked of it would be asked of the others too.
    return node.selectionSet !== undefined && (askers.get(keyOf(node))?.size ?? 0) > 1;
  };
  const risky = partial.filter((field) => brought.has(field.node.name.value) && risks(field));
  const liftsRisky = typesOf(risky).size > 1;
  return fields.flatMap((field): readonly SelectionNode[] => {
    const { node, types, conditions } = field;
    const isHarmless = !risks(field) || (liftsRisky && brought.has(node.name.value));
    const isShared =
      node.name.value === "__typename" ||
      (isHarmless && types.every((name) => isOfInterface(node, name, parent, schema)));
    if (isShared && types !== all) return [underFirst([...conditions.flat(), ...(node.directives ?? [])], node)];
    // Asked of all objects, a fragment with a condition around one of the same kind is asked of the last type's alone.
    if (types === all && brought.has(node.name.value) && clashes(field))
      return [underFirst([...conditions.flat(), ...(node.directives ?? [])], node)];
    const planned = conditions.reduceRight<readonly SelectionNode[]>((inner, each) => pushDown(each, inner), [node]);
    if (types === all) return planned;
    return types.map((name) => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
      selectionSet: { kind: Kind.SELECTION_SET, selections: planned },
    }));
  });
}

/** Fields that stand there several times under equal conditions, each once; `rest` makes what they select together. */
export function joinOccurrences(
  selections: readonly SelectionNode[],
  isJoined: (selection: SelectionNode) => boolean,
  rest: (node: FieldNode, inner: readonly SelectionNode[]) => readonly SelectionNode[],
): readonly SelectionNode[] {
  const byCall = new Map<unknown, SelectionNode[]>();
  for (const selection of selections) {
    const call = selection.kind === Kind.FIELD && isJoined(selection) ? callText(selection) : selection;
    const same = byCall.get(call);
    if (same) same.push(selection);
    else byCall.set(call, [selection]);
  }
  return [...byCall.values()].flatMap((same): readonly SelectionNode[] => {
    const [node] = same;
    if (same.length < 2 || node?.kind !== Kind.FIELD) return same;
    const inner = same.flatMap((each) => (each.kind === Kind.FIELD ? (each.selectionSet?.selections ?? []) : []));
    return [{ ...node, selectionSet: { kind: Kind.SELECTION_SET, selections: rest(node, inner) } }];
  });
}

function callText(node: FieldNode): string {
  const { selectionSet: _, ...call } = node;
  return print(call);
}

function keyOf(node: FieldNode): string {
  return node.alias?.value ?? node.name.value;
}

function typesOf(fields: readonly Selected[]): ReadonlySet<string> {
  return new Set(fields.flatMap(({ types }) => types));
}

/** Whether it stands under two conditions of one kind, which no field can have by itself. */
function clashes({ node, conditions }: Selected): boolean {
  const names = [...conditions.flat(), ...(node.directives ?? [])].map(({ name }) => name.value);
  return new Set(names).size < names.length;
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

/** An object's own field may be of a narrower type than the interface's. */
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
