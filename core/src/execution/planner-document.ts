import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { fail, ok, type Result } from "../model/index.ts";
import { conditional, fieldsFirst, neverSelected, pushDown } from "./conditions.ts";
import { fieldType } from "./field-type.ts";
import type { InternalKeys } from "./keys.ts";
import { joinOccurrences, liftInterfaceFields } from "./interface-object.ts";
import { onceEach } from "./mutation-fields.ts";
import type { SupergraphFacts } from "./supergraph-facts.ts";
import { withoutLongDefault } from "./number-literals.ts";

export type Operation = {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
};

/**
 * Writes an operation in the form that the planner handles well. Meta fields at the root go (they
 * are answered here), aliases become internal keys, literal conditions are decided (the planner
 * fails on an empty plan), and every abstract position asks for `__typename`, which the planner
 * forgets where only an interface's own fields are selected. Undefined: no service has to be asked.
 * CAT-EXEC-009 when a mutation might be planned twice.
 */
export function plannerDocument(
  { schema, facts }: { readonly schema: GraphQLSchema; readonly facts: SupergraphFacts },
  source: Operation,
  keys: InternalKeys,
): Result<string | undefined> {
  const roots = new Set<GraphQLNamedType | undefined | null>([
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ]);
  let asksService = false;

  function selectionSet(
    set: SelectionSetNode,
    parent: GraphQLNamedType | undefined,
    ofField: boolean,
  ): SelectionSetNode {
    const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (neverSelected(selection.directives)) return [];
      const directives = conditional(selection.directives);
      switch (selection.kind) {
        case Kind.FRAGMENT_SPREAD: {
          const fragment = source.fragments.get(selection.name.value);
          const isOfParent = fragment !== undefined && fragment.typeCondition.name.value === parent?.name;
          if (!isOfParent) return [{ ...selection, directives }];
          return pushDown(directives, selectionSet(fragment.selectionSet, parent, false).selections);
        }
        case Kind.INLINE_FRAGMENT: {
          const type = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : parent;
          const below = selectionSet(selection.selectionSet, type, false);
          if (type === parent) return pushDown(directives, below.selections);
          return [{ ...selection, directives, selectionSet: below }];
        }
        case Kind.FIELD:
          return field(selection, directives, parent);
      }
    });
    const lifted = isInterfaceType(parent) ? lift(selections, parent) : selections;
    const planned = lifted.some((selection) => leadsToInterfaceObject(selection, parent))
      ? joined(lifted, parent)
      : lifted;
    const needsTypename = planned.length === 0 || (ofField && isAbstractType(parent));
    // Of a field after a fragment with the same condition the planner loses the condition.
    const ordered = parent === schema.getMutationType() ? planned : fieldsFirst(planned);
    return { kind: Kind.SELECTION_SET, selections: needsTypename ? [typename, ...ordered] : ordered };
  }

  /** The planner mixes up for which type it asks a field of an `@interfaceObject`, where several types have their own. */
  function lift(selections: readonly SelectionNode[], parent: GraphQLInterfaceType): readonly SelectionNode[] {
    const known = facts.interfaceObject(parent.name);
    return known ? liftInterfaceFields(selections.map(withoutSpreads), parent, known, schema) : selections;
  }

  function leadsToInterfaceObject(selection: SelectionNode, parent: GraphQLNamedType | undefined): boolean {
    const type = selection.kind === Kind.FIELD ? fieldType(selection, parent) : undefined;
    return isInterfaceType(type) && facts.interfaceObject(type.name) !== undefined;
  }

  /** What several occurrences of a field select, looked at together. */
  function joined(
    selections: readonly SelectionNode[],
    parent: GraphQLNamedType | undefined,
  ): readonly SelectionNode[] {
    return joinOccurrences(
      selections,
      (selection) => leadsToInterfaceObject(selection, parent),
      (node, inner) => {
        const type = fieldType(node, parent);
        return isInterfaceType(type) ? lift(inner, type) : inner;
      },
    );
  }

  function withoutSpreads(selection: SelectionNode): SelectionNode {
    if (selection.kind === Kind.FIELD) return selection;
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? source.fragments.get(selection.name.value) : undefined;
    const typeCondition = selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition : fragment?.typeCondition;
    const set =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragment && selectionSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), false);
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(typeCondition ? { typeCondition } : {}),
      directives: selection.directives ?? [],
      selectionSet: { kind: Kind.SELECTION_SET, selections: (set?.selections ?? []).map(withoutSpreads) },
    };
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
    return [{ ...named, directives, selectionSet: selectionSet(node.selectionSet, fieldType(node, parent), true) }];
  }

  const root = schema.getRootType(source.operation.operation);
  const { directives: _, ...operation } = source.operation;
  const rootSet = selectionSet(source.operation.selectionSet, root ?? undefined, false);
  const isMutation = source.operation.operation === OperationTypeNode.MUTATION;
  const selections = isMutation ? onceEach(rootSet.selections) : rootSet.selections;
  if (selections === undefined) {
    const message = "a field of the mutation is selected under several conditions at once";
    return fail({ code: "CAT-EXEC-009", path: "", message });
  }
  const definitions: readonly [OperationDefinitionNode, ...FragmentDefinitionNode[]] = [
    { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } },
    ...Array.from(source.fragments.values(), (fragment) => ({
      ...fragment,
      selectionSet: selectionSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value), false),
    })),
  ];
  return ok(asksService ? print(withoutUnused(definitions)) : undefined);
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };

/**
 * Services check that whatever is defined is used. What only introspection or a decided condition
 * used, or is written out, is not any more.
 */
function withoutUnused([operation, ...fragments]: readonly [
  OperationDefinitionNode,
  ...FragmentDefinitionNode[],
]): DocumentNode {
  const variables = new Set<string>();
  const spread = new Set<string>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node.selectionSet, {
      Variable: ({ name }) => void variables.add(name.value),
      FragmentSpread({ name: { value: name } }) {
        const fragment = spread.has(name) ? undefined : fragments.find((candidate) => candidate.name.value === name);
        spread.add(name);
        if (fragment) follow(fragment);
      },
    });
  };
  follow(operation);
  const variableDefinitions = operation.variableDefinitions
    ?.filter(({ variable }) => variables.has(variable.name.value))
    .map(withoutLongDefault);
  const used = fragments.filter(({ name }) => spread.has(name.value));
  return {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, variableDefinitions: variableDefinitions ?? [] }, ...used],
  };
}
