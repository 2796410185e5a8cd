import {
  type DocumentNode,
  executeSync,
  type ExecutionResult,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import type { Operation } from "./planner-document.ts";

/**
 * The part of an operation that asks about the schema itself, which no service can answer: its
 * `__schema` and `__type` at the root. Undefined when there is none. Whether it may be asked at all
 * is for validation to say.
 */
export function introspectionPart(
  { operation, fragments }: Operation,
  schema: GraphQLSchema,
): DocumentNode | undefined {
  if (operation.operation !== OperationTypeNode.QUERY) return undefined;
  const query = schema.getQueryType()?.name;
  let found = false;
  const prune = (set: SelectionSetNode): SelectionSetNode => {
    const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return [{ ...selection, selectionSet: prune(selection.selectionSet) }];
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
      const isMeta = selection.name.value === "__schema" || selection.name.value === "__type";
      found ||= isMeta;
      return isMeta ? [selection] : [];
    });
    const name = { kind: Kind.NAME, value: "__typename" } as const;
    return { kind: Kind.SELECTION_SET, selections: selections.length > 0 ? selections : [{ kind: Kind.FIELD, name }] };
  };
  const definitions = Array.from([operation, ...fragments.values()], (node) => {
    const ofRoot = node.kind === Kind.OPERATION_DEFINITION || node.typeCondition.name.value === query;
    return ofRoot ? { ...node, selectionSet: prune(node.selectionSet) } : node;
  });
  return found ? { kind: Kind.DOCUMENT, definitions } : undefined;
}

/** Answers it from the consumer schema, by graphql-js. */
export function introspect(
  schema: GraphQLSchema,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
): ExecutionResult {
  return executeSync({ schema, document, variableValues });
}
