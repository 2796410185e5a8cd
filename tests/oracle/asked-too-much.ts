import {
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { PreparedOperation } from "@catalyst-node/core/execution";
import { collectFields, type Selecting } from "../../core/src/execution/fields.ts";
import type { FlattenPath, PlanNode, QueryPlan, RequiresSelection } from "../../core/src/execution/plan.ts";

/** What the client selects of the objects of one type, somewhere. */
type Place = { readonly type: GraphQLObjectType; readonly sets: readonly SelectionSetNode[] };

/**
 * A field, as `M0.size`, that may not be null and that a plan asks of objects of which the operation does not select it,
 * under these variables. Where it fails, its object is null: nothing that is asked afterwards can bring that back. Told
 * from plan, operation and variables alone. Fields that a representation reads do not count: they have to be asked.
 */
export function askedTooMuch(
  prepared: PreparedOperation,
  plan: QueryPlan | undefined,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  const { schema, keys, operation } = prepared;
  const conditions = new Map(prepared.conditions.map((name) => [name, variables[name] === true] as const));
  const selecting: Selecting = { schema, fragments: prepared.fragments, conditions };
  const needed = new Set<string>();
  const root = schema.getRootType(operation.operation);
  if (!root) return undefined;

  const below = ({ type, sets }: Place, key: string): readonly Place[] | undefined => {
    const nodes: FieldNode[] = [...collectFields(selecting, type, sets).values()]
      .flat()
      .filter((node) => keys.of(node) === key);
    const [first] = nodes;
    if (first === undefined) return undefined;
    const field = type.getFields()[first.name.value];
    const selected = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return field === undefined
      ? []
      : typesOf(getNamedType(field.type), schema).map((each) => ({ type: each, sets: selected }));
  };
  const inSelection = (selection: SelectionNode, place: Place): string | undefined => {
    const isIn = selection.directives?.every(({ name, arguments: given }) => {
      const value = given?.[0]?.value;
      return value?.kind !== Kind.VARIABLE || (variables[value.name.value] === true) === (name.value === "include");
    });
    if (isIn === false) return undefined;
    if (selection.kind === Kind.FIELD) {
      const name = selection.name.value;
      if (name === "__typename") return undefined;
      const places = below(place, selection.alias?.value ?? name);
      if (places !== undefined) return first(places, (each) => inSet(selection.selectionSet, each));
      const field = place.type.getFields()[name];
      return field && isNonNullType(field.type) && !needed.has(name) ? `${place.type.name}.${name}` : undefined;
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) return inSet(spreads.get(selection.name.value), place);
    const condition = selection.typeCondition?.name.value;
    const isOfType = condition === undefined || isOf(schema, condition, place.type);
    return isOfType ? inSet(selection.selectionSet, place) : undefined;
  };
  const inSet = (set: SelectionSetNode | undefined, place: Place): string | undefined =>
    first(set?.selections ?? [], (selection) => inSelection(selection, place));
  let spreads = new Map<string, SelectionSetNode>();
  const inRequest = (text: string, places: readonly Place[], alias?: string): string | undefined => {
    const { definitions } = parse(text);
    spreads = new Map(
      definitions.flatMap((each) =>
        each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each.selectionSet] as const] : [],
      ),
    );
    const [whole] = definitions.flatMap((each) => (each.kind === Kind.OPERATION_DEFINITION ? [each.selectionSet] : []));
    const entities = whole?.selections.find(
      (each) => each.kind === Kind.FIELD && each.name.value === "_entities" && each.alias?.value === alias,
    );
    const set = entities?.kind === Kind.FIELD ? entities.selectionSet : whole;
    return first(places, (place) => inSet(set, place));
  };
  const at = (path: FlattenPath, requires: readonly RequiresSelection[]): readonly Place[] => {
    let places: readonly Place[] = [{ type: root, sets: [operation.selectionSet] }];
    for (const segment of path) {
      if (segment === "@") continue;
      if ("Field" in segment) places = places.flatMap((place) => below(place, segment.Field) ?? []);
      else places = places.filter(({ type }) => segment.TypeCondition.some((name) => isOf(schema, name, type)));
    }
    return places.filter(({ type }) =>
      requires.some((each) => each.kind === "InlineFragment" && isOf(schema, each.typeCondition, type)),
    );
  };
  const inNode = (node: PlanNode | null | undefined, path: FlattenPath): string | undefined => {
    switch (node?.kind) {
      case "Sequence":
      case "Parallel":
        return first(node.nodes, (each) => inNode(each, path));
      case "Flatten":
        return inNode(node.node, node.path);
      case "Condition":
        return inNode(variables[node.condition] === true ? node.ifClause : node.elseClause, path);
      case "Fetch":
        return inRequest(
          node.operation,
          node.requires ? at(path, node.requires) : [{ type: root, sets: [operation.selectionSet] }],
        );
      case "BatchFetch":
        return first(node.entityBatch.aliases, ({ alias, paths, requires }) =>
          first(paths, (each) => inRequest(node.operation, at(each, requires), alias)),
        );
      case undefined:
      case "Subscription":
      case "Defer":
        return undefined;
    }
  };
  collectNeeded(plan, needed);
  return inNode(plan?.node, []);
}

function first<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function typesOf(type: unknown, schema: GraphQLSchema): readonly GraphQLObjectType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return isObjectType(type) ? [type] : [];
}

function isOf(schema: GraphQLSchema, condition: string, type: GraphQLObjectType): boolean {
  return typesOf(schema.getType(condition), schema).includes(type);
}

/** The names of all that representations read. */
function collectNeeded(part: unknown, names: Set<string>, isRead = false): void {
  if (typeof part !== "object" || part === null) return;
  if (isRead && "name" in part && typeof part.name === "string") names.add(part.name);
  for (const [key, value] of Object.entries(part)) collectNeeded(value, names, isRead || key === "requires");
}
