import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { fail, ok, type Result } from "../model/index.ts";
import { fragmentsOf } from "./fields.ts";
import { introspectionPart } from "./introspection.ts";
import { InternalKeys } from "./keys.ts";
import { liftNumbers } from "./number-literals.ts";
import { plannerDocument } from "./planner-document.ts";
import type { SupergraphFacts } from "./supergraph-facts.ts";
import { protectedPart } from "./protection.ts";

/** What an operation is taken from: a document that has passed the budget and graphql-js's validation. */
export type OperationSource = {
  readonly schema: GraphQLSchema;
  /** Of the supergraph that the schema is of. */
  readonly facts: SupergraphFacts;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
};

/** One operation, ready to be planned. */
export type PreparedOperation = {
  readonly schema: GraphQLSchema;
  readonly facts: SupergraphFacts;
  readonly operation: OperationDefinitionNode;
  readonly kind: "query" | "mutation" | "subscription";
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What to give to the planner. Undefined when no service has to be asked. */
  readonly planQuery: string | undefined;
  /** The `__schema` and `__type` of the operation. */
  readonly introspection: DocumentNode | undefined;
  readonly keys: InternalKeys;
  /** The Boolean variables that `@skip` and `@include` ask, sorted. */
  readonly conditions: readonly string[];
};

/**
 * Chooses the operation and writes it anew for the planner. The document must be valid: the planner
 * plans hidden fields and unknown arguments gladly, so skipping validation leaks data.
 */
export function prepareOperation({
  schema,
  facts,
  document,
  operationName,
}: OperationSource): Result<PreparedOperation> {
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    const message =
      operationName === undefined
        ? "the document holds not one operation, and operationName names none"
        : `no operation is named "${operationName}"`;
    return fail({ code: "CAT-EXEC-002", path: "", message });
  }
  const source = liftNumbers({ operation, fragments: reachableFragments(operation, document) }, schema);
  if (operation.operation === OperationTypeNode.SUBSCRIPTION && isConditional(operation.selectionSet, source.fragments))
    return fail({ code: "CAT-EXEC-008", path: "", message: "the root field of a subscription has @skip or @include" });
  const shown = protectedPart([operation, ...source.fragments.values()], schema, facts.protection);
  if (shown !== undefined) {
    const message = `${shown} is only for clients who may see it, and this gateway cannot tell clients apart yet`;
    return fail({ code: "CAT-EXEC-016", path: "", message });
  }
  const conditions = new Set<string>();
  let deferred: string | undefined;
  for (const node of [operation, ...source.fragments.values()]) {
    visit(node, {
      Directive({ name: { value: name }, arguments: given }) {
        if (name === "defer" || name === "stream") deferred = name;
        if (name !== "skip" && name !== "include") return;
        for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) conditions.add(value.name.value);
      },
    });
  }
  if (deferred !== undefined) return fail({ code: "CAT-EXEC-006", path: "", message: `@${deferred} is not answered` });
  const keys = new InternalKeys(schema);
  const planQuery = plannerDocument({ schema, facts }, source, keys);
  if (!planQuery.ok) return planQuery;
  return ok({
    schema,
    facts,
    kind: operation.operation,
    ...source,
    planQuery: planQuery.value,
    introspection: introspectionPart(source, schema),
    keys,
    conditions: [...conditions].toSorted(),
  });
}

/** Whether it depends on variables what a root selects (GraphQL, 5.2.4.1, forbids it of subscriptions). */
function isConditional(set: SelectionSetNode, fragments: PreparedOperation["fragments"]): boolean {
  return set.selections.some((selection) => {
    if (selection.directives?.some(({ name: { value } }) => value === "skip" || value === "include")) return true;
    if (selection.kind === Kind.FIELD) return false;
    const below = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return below !== undefined && isConditional(below.selectionSet, fragments);
  });
}

function reachableFragments(
  operation: OperationDefinitionNode,
  document: DocumentNode,
): Map<string, FragmentDefinitionNode> {
  const all = fragmentsOf(document);
  const reached = new Map<string, FragmentDefinitionNode>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode) => {
    visit(node.selectionSet, {
      FragmentSpread({ name: { value: name } }) {
        const fragment = all.get(name);
        if (fragment === undefined || reached.has(name)) return;
        reached.set(name, fragment);
        follow(fragment);
      },
    });
  };
  follow(operation);
  return reached;
}
