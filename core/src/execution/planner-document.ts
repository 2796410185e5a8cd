import {
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  type InlineFragmentNode,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import type { InternalKeys } from "./keys.ts";

export type Operation = {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
};

/**
 * Writes an operation in the form that the planner handles well. Meta fields at the root go (they
 * are answered here), aliases become internal keys, literal conditions are decided (the planner
 * fails on an empty plan), and every abstract position asks for `__typename`, which the planner
 * forgets where only an interface's own fields are selected. Undefined: no service has to be asked.
 */
export function plannerDocument(schema: GraphQLSchema, source: Operation, keys: InternalKeys): string | undefined {
  const roots = new Set<GraphQLNamedType | undefined | null>([schema.getQueryType(), schema.getMutationType()]);
  let asksService = false;

  function selectionSet(
    set: SelectionSetNode,
    parent: GraphQLNamedType | undefined,
    ofField: boolean,
  ): SelectionSetNode {
    const selections = set.selections.flatMap((selection) => {
      if (neverSelected(selection.directives)) return [];
      const directives = conditional(selection.directives);
      switch (selection.kind) {
        case Kind.FRAGMENT_SPREAD: {
          const type = source.fragments.get(selection.name.value)?.typeCondition.name.value;
          if (directives.length === 0 || !isUnionType(parent) || type !== parent.name)
            return [{ ...selection, directives }];
          return [untyped(directives, [{ ...selection, directives: [] }])];
        }
        case Kind.INLINE_FRAGMENT: {
          const type = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : parent;
          const below = selectionSet(selection.selectionSet, type, false);
          if (isUnionType(type) && type === parent) return [untyped(directives, below.selections)];
          return [{ ...selection, directives, selectionSet: below }];
        }
        case Kind.FIELD:
          return field(selection, directives, parent);
      }
    });
    const needsTypename = selections.length === 0 || (ofField && isAbstractType(parent));
    return { kind: Kind.SELECTION_SET, selections: needsTypename ? [typename, ...selections] : selections };
  }

  function field(
    node: FieldNode,
    directives: readonly DirectiveNode[],
    parent: GraphQLNamedType | undefined,
  ): SelectionNode[] {
    const atRoot = roots.has(parent);
    if (node.name.value.startsWith("__")) return atRoot ? [] : [typename];
    asksService ||= atRoot;
    const { alias: _, ...unaliased } = node;
    const key = keys.assign(node, atRoot);
    const named =
      key === node.name.value ? unaliased : { ...unaliased, alias: { kind: Kind.NAME, value: key } as const };
    if (!node.selectionSet) return [{ ...named, directives }];
    const type =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value]?.type : undefined;
    return [{ ...named, directives, selectionSet: selectionSet(node.selectionSet, type && getNamedType(type), true) }];
  }

  const root = schema.getRootType(source.operation.operation);
  const { directives: _, ...operation } = source.operation;
  const definitions: readonly DefinitionNode[] = [
    { ...operation, selectionSet: selectionSet(source.operation.selectionSet, root ?? undefined, false) },
    ...Array.from(source.fragments.values(), (fragment) => ({
      ...fragment,
      selectionSet: selectionSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), false),
    })),
  ];
  return asksService ? print(withoutUnusedVariables({ kind: Kind.DOCUMENT, definitions })) : undefined;
}

/** The planner finds no way through a conditional fragment that names the union it stands in. */
function untyped(directives: readonly DirectiveNode[], selections: readonly SelectionNode[]): InlineFragmentNode {
  return { kind: Kind.INLINE_FRAGMENT, directives, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };

/** Whether a literal condition takes the selection out, whatever the variables. */
function neverSelected(directives: readonly DirectiveNode[] = []): boolean {
  return directives.some(({ name, arguments: given }) => {
    const value = given?.find((argument) => argument.name.value === "if")?.value;
    return value?.kind === Kind.BOOLEAN && value.value === (name.value === "skip");
  });
}

function conditional(directives: readonly DirectiveNode[] = []): readonly DirectiveNode[] {
  return directives.filter(({ name, arguments: given }) => {
    const isCondition = name.value === "skip" || name.value === "include";
    return isCondition && given?.some((argument) => argument.value.kind === Kind.VARIABLE) === true;
  });
}

/** Services check that a variable is used; what only introspection or a decided condition used is not any more. */
function withoutUnusedVariables(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: (node) => void used.add(node.name.value),
  });
  const definitions = document.definitions.map((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? {
          ...node,
          variableDefinitions: (node.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)),
        }
      : node,
  );
  return { kind: Kind.DOCUMENT, definitions };
}
