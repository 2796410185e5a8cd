import type { EndpointOptions, Operation } from "@catalyst-node/adapters/http";
import type { Planner } from "@catalyst-node/adapters/planner";
import {
  type CompiledOperation,
  compileOperation,
  prepareOperation,
  type SupergraphFacts,
} from "@catalyst-node/core/execution";
import type { Problem, Result } from "@catalyst-node/core/model";
import {
  type DocumentNode,
  execute as executeLocally,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
} from "graphql";

/** Executes what has been compiled; bound to the services as they are reached at that moment. */
export type Execute = (compiled: CompiledOperation, operation: Operation) => Promise<ExecutionResult>;
/** The same of a subscription. */
export type Subscribe = (
  compiled: CompiledOperation,
  operation: Operation,
) => ExecutionResult | AsyncIterable<ExecutionResult>;

/** How one schema's operations are answered. */
export type Run = Pick<EndpointOptions, "execute" | "subscribe">;

/** What one supergraph plans operations with. */
export type Planned = { readonly planner: Planner; readonly facts: SupergraphFacts };

type Runner = {
  readonly execute: Execute;
  readonly subscribe: Subscribe;
  /** Hears why a valid operation has no plan; the client is told no more than a code. */
  readonly onUnplanned: (problems: readonly Problem[]) => void;
};

/**
 * Plans and compiles each operation of each document once, and executes it. What is compiled lives as long as its
 * document, which the endpoint keeps in a bounded cache.
 */
export function operationRunner(
  schema: GraphQLSchema,
  { planner, facts }: Planned,
  { execute, subscribe, onUnplanned }: Runner,
): Run {
  const compiled = new WeakMap<DocumentNode, Map<string, Promise<Result<CompiledOperation>>>>();
  // Never a client's own signal: one that leaves must not take the plan from all who ask the same.
  const lifetime = new AbortController().signal;

  function compile({ document, operationName }: Operation): Promise<Result<CompiledOperation>> {
    const ofDocument = compiled.get(document) ?? new Map<string, Promise<Result<CompiledOperation>>>();
    compiled.set(document, ofDocument);
    const key = operationName ?? "";
    const known = ofDocument.get(key);
    if (known !== undefined) return known;
    const pending = plan(document, operationName);
    ofDocument.set(key, pending);
    // Only what succeeded is remembered; a planner that was busy may answer the next time.
    const forget = (): boolean => ofDocument.delete(key);
    pending.then((result) => (result.ok ? undefined : forget()), forget);
    return pending;
  }

  async function plan(document: DocumentNode, operationName: string | undefined): Promise<Result<CompiledOperation>> {
    const prepared = prepareOperation({ schema, facts, document, operationName });
    if (!prepared.ok) return prepared;
    const { planQuery } = prepared.value;
    if (planQuery === undefined) return compileOperation(prepared.value, undefined);
    const planned = await planner.plan(planQuery, lifetime);
    const result = planned.ok ? compileOperation(prepared.value, planned.value) : planned;
    const untold = result.ok ? [] : result.problems.filter(({ code }) => clientCodes[code] === undefined);
    if (untold.length > 0) onUnplanned(untold);
    return result;
  }

  return {
    execute: async (operation) => {
      const result = await compile(operation);
      return result.ok ? await execute(result.value, operation) : { errors: result.problems.map(toGraphqlError) };
    },
    subscribe: async (operation) => {
      const result = await compile(operation);
      return result.ok ? subscribe(result.value, operation) : { errors: result.problems.map(toGraphqlError) };
    },
  };
}

/** Without services there is nothing to plan or fetch: graphql-js answers the one field with null. */
export function emptyRunner(schema: GraphQLSchema): Run {
  const execute: Run["execute"] = async ({ document, operationName, variables }) =>
    executeLocally({ schema, document, operationName, variableValues: variables });
  // Without a subscription type none is valid, so none comes here.
  return { execute, subscribe: execute };
}

/** Codes that clients may branch on, for what hinders an operation before it is executed. */
const clientCodes: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  "CAT-EXEC-002": { code: "BAD_REQUEST", status: 400 },
  "CAT-EXEC-003": { code: "GRAPHQL_VALIDATION_FAILED", status: 400 },
  "CAT-EXEC-004": { code: "GRAPHQL_VALIDATION_FAILED", status: 400 },
  "CAT-EXEC-006": { code: "DEFER_NOT_SUPPORTED", status: 400 },
  "CAT-EXEC-008": { code: "GRAPHQL_VALIDATION_FAILED", status: 400 },
  "CAT-EXEC-009": { code: "GRAPHQL_VALIDATION_FAILED", status: 400 },
  "CAT-EXEC-016": { code: "UNAUTHORIZED_FIELD_OR_TYPE", status: 403 },
  "CAT-EXEC-014": { code: "OVERLOADED", status: 503 },
  "CAT-EXEC-015": { code: "OVERLOADED", status: 503 },
};

function toGraphqlError({ code, message }: Problem): GraphQLError {
  const known = clientCodes[code];
  const { code: clientCode, status } = known ?? { code: "PLANNING_FAILED", status: 200 };
  // What the planner says of itself is for the operator; the client gets the code to report.
  const text = known === undefined ? "The operation cannot be planned." : message;
  return new GraphQLError(text, {
    extensions: { code: clientCode, problem: code, http: { status, spec: status === 400 } },
  });
}
