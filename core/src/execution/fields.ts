import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from "graphql";

/** What an operation selects once its conditions are known: GraphQL's CollectFields (6.3.2). */
export type Selecting = {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The Boolean variables that `@skip` and `@include` ask. */
  readonly conditions: ReadonlyMap<string, boolean>;
};

/** The fields of one object type by response key, in the order in which the answer has them. */
export function collectFields(
  selecting: Selecting,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly [FieldNode, ...FieldNode[]]> {
  const fields = new Map<string, [FieldNode, ...FieldNode[]]>();
  const visited = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!isSelected(selecting, selection.directives)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      let fragment:
        | {
            readonly typeCondition?: { readonly name: { readonly value: string } };
            readonly selectionSet: SelectionSetNode;
          }
        | undefined;
      if (selection.kind === Kind.INLINE_FRAGMENT) fragment = selection;
      else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        fragment = selecting.fragments.get(selection.name.value);
      }
      if (fragment && applies(selecting.schema, fragment.typeCondition?.name.value, type))
        collect(fragment.selectionSet);
    }
  };
  for (const set of sets) collect(set);
  return fields;
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = schema.getType(condition);
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
}

function isSelected({ conditions }: Selecting, directives: readonly DirectiveNode[] = []): boolean {
  return directives.every(({ name, arguments: given }) => {
    if (name.value !== "skip" && name.value !== "include") return true;
    const value = given?.find((argument) => argument.name.value === "if")?.value;
    const holds =
      value?.kind === Kind.VARIABLE ? conditions.get(value.name.value) : value?.kind === Kind.BOOLEAN && value.value;
    return holds === (name.value === "include");
  });
}

/** The fragments of a document, by name. */
export function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
}
