import { type ExecutionResult, getVariableValues, GraphQLError } from "graphql";
import { Allowance, answerTooLarge, isAnswerTooLarge, maxCopies } from "./answer-size.ts";
import type { CompiledOperation } from "./compile.ts";
import { Cursor } from "./cursor.ts";
import type { JsonObject } from "./failure.ts";
import { introspect } from "./introspection.ts";
import type { Run } from "./run.ts";
import type { ServicePort } from "./service-port.ts";

export type ExecuteRequest = {
  /** As the client sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly services: ServicePort;
  /** Of the client and its deadline. When it aborts, what is still to be fetched fails with REQUEST_ABORTED. */
  readonly signal: AbortSignal;
  /** For the services; the port passes on those it allows. */
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * Runs a compiled operation and answers as the GraphQL specification says (6.3, 6.4, 7.1): whatever
 * fails at a service is an error of its fields, and the rest of the answer stands. Never rejects.
 */
export async function executeOperation(compiled: CompiledOperation, request: ExecuteRequest): Promise<ExecutionResult> {
  const { prepared, fetch: fetchAll, projectionFor } = compiled;
  const { schema, operation, keys } = prepared;
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables, {
    maxErrors: 50,
  });
  if (!coerced) return { errors };
  const introspected = prepared.introspection && introspect(schema, prepared.introspection, request.variables);
  const cursor = new Cursor(keys, introspected?.data ?? {});
  const root = schema.getRootType(operation.operation)?.name;
  const run = newRun({ __typename: root }, coerced, request);
  let data: JsonObject | null;
  try {
    await fetchAll?.(run);
    data = projectionFor(coerced)(run.data, cursor);
  } catch (error) {
    if (!isAnswerTooLarge(error)) throw error;
    const { code, message } = answerTooLarge;
    return { errors: [new GraphQLError(message, { extensions: { code } })], data: null };
  }
  for (const fault of run.unplaced) cursor.tellUnplaced(fault);
  const told = [...(introspected?.errors ?? []), ...cursor.errors(data)];
  return told.length === 0 ? { data } : { errors: told, data };
}

function newRun(data: JsonObject, variables: JsonObject, { services, signal, headers = {} }: ExecuteRequest): Run {
  const texts = new Map<string, string | undefined>();
  const variableText = (name: string) => {
    if (!texts.has(name)) texts.set(name, Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : undefined);
    return texts.get(name);
  };
  return { data, variables, variableText, unplaced: [], copies: new Allowance(maxCopies), services, signal, headers };
}
