import { type ExecutionResult, getVariableValues, GraphQLError } from "graphql";
import { Allowance, answerTooLarge, isAnswerTooLarge, maxAnswerChars, maxCopies } from "./answer-size.ts";
import type { CompiledOperation } from "./compile.ts";
import { Cursor } from "./cursor.ts";
import type { JsonObject } from "./failure.ts";
import { introspect } from "./introspection.ts";
import { readLongNumbers } from "./number-variables.ts";
import type { PreparedOperation } from "./prepare.ts";
import type { Run } from "./run.ts";
import type { ServicePort } from "./service-port.ts";
import { WrittenResult } from "./written-result.ts";

export type ExecuteRequest = {
  /** As the client sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly services: ServicePort;
  /** Of the client and its deadline. When it aborts, what is still to be fetched fails with REQUEST_ABORTED. */
  readonly signal: AbortSignal;
  /** For the services; the port passes on those it allows. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the answer's text, in characters, roughly. Default 10 Mi. */
  readonly maxAnswer?: number;
};

/**
 * Runs a compiled operation and answers as the GraphQL specification says (6.3, 6.4, 7.1): whatever
 * fails at a service is an error of its fields, and the rest of the answer stands. Never rejects.
 */
export async function executeOperation(compiled: CompiledOperation, request: ExecuteRequest): Promise<ExecutionResult> {
  return (await writeOperation(compiled, request)).read();
}

/** The same, its data as text: for whoever sends it on, and has no use for objects. */
export async function writeOperation(compiled: CompiledOperation, request: ExecuteRequest): Promise<WrittenResult> {
  const { prepared } = compiled;
  const { coerced, errors } = coerceVariables(prepared, request.variables);
  if (!coerced) return new WrittenResult(undefined, errors);
  const run = newRun(prepared, coerced, request);
  const direct = await compiled.direct?.answer(run);
  if (direct === undefined) return await writeRun(compiled, run, request.variables);
  if ("body" in direct) return new WrittenResult(direct);
  return await writeRun(compiled, direct.left, request.variables);
}

type Coerced = ReturnType<typeof getVariableValues>;

/** By the consumer schema (GraphQL, 6.1.2). */
export function coerceVariables(
  { schema, operation }: PreparedOperation,
  variables: ExecuteRequest["variables"],
): Coerced {
  const read = readLongNumbers(schema, operation, variables);
  return getVariableValues(schema, operation.variableDefinitions ?? [], read, { maxErrors: 50 });
}

/** Fetches what is still missing, and answers: one event of a subscription. */
export async function completeRun(
  compiled: CompiledOperation,
  run: Run,
  variables: ExecuteRequest["variables"],
): Promise<ExecutionResult> {
  return (await writeRun(compiled, run, variables)).read();
}

async function writeRun(
  { prepared, fetch: fetchAll, projectionFor }: CompiledOperation,
  run: Run,
  variables: ExecuteRequest["variables"],
): Promise<WrittenResult> {
  const { schema } = prepared;
  const introspected = prepared.introspection && introspect(schema, prepared.introspection, variables);
  const cursor = new Cursor(prepared, introspected?.data ?? {}, run.maxAnswer);
  let dataText: string;
  try {
    await fetchAll?.(run);
    dataText = projectionFor(run.variables)(run.data, cursor);
  } catch (error) {
    if (!isAnswerTooLarge(error)) throw error;
    const { code, message } = answerTooLarge;
    return new WrittenResult("null", [new GraphQLError(message, { extensions: { code } })]);
  }
  for (const fault of run.unplaced) cursor.tellUnplaced(fault);
  return new WrittenResult(dataText, [...(introspected?.errors ?? []), ...cursor.errors(dataText === "null")]);
}

/** A run that has fetched nothing yet. */
export function newRun(
  { schema, operation }: PreparedOperation,
  variables: JsonObject,
  { services, signal, headers = {}, maxAnswer = maxAnswerChars }: Omit<ExecuteRequest, "variables">,
): Run {
  const data: JsonObject = { __typename: schema.getRootType(operation.operation)?.name };
  const texts = new Map<string, string | undefined>();
  const variableText = (name: string) => {
    if (!texts.has(name)) texts.set(name, Object.hasOwn(variables, name) ? JSON.stringify(variables[name]) : undefined);
    return texts.get(name);
  };
  const bounds = { copies: new Allowance(maxCopies), maxAnswer };
  return { data, variables, variableText, unplaced: [], ...bounds, services, signal, headers };
}
