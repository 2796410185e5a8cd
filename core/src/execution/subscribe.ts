import type { ExecutionResult } from "graphql";
import { readAnswer } from "./answer.ts";
import type { CompiledOperation } from "./compile.ts";
import { coerceVariables, completeRun, type ExecuteRequest, newRun } from "./execute.ts";
import type { JsonObject } from "./failure.ts";
import type { SubscriptionPort } from "./subscription-port.ts";

export type SubscribeRequest = ExecuteRequest & { readonly sources: SubscriptionPort };

/**
 * Runs a compiled subscription (GraphQL, 6.2.3): each event of its source is completed by the rest
 * of the plan and answered by itself, with errors of its own, in the order in which they came. What
 * fails in one event leaves the stream as it is; what ends the source is told in a last answer. A
 * request error is answered at once. Never rejects, and ends without a word when `signal` aborts.
 */
export function subscribeOperation(
  compiled: CompiledOperation,
  request: SubscribeRequest,
): ExecutionResult | AsyncGenerator<ExecutionResult, void, void> {
  const { coerced, errors } = coerceVariables(compiled.prepared, request.variables);
  return coerced ? answerEvents(compiled, coerced, request) : { errors };
}

async function* answerEvents(
  compiled: CompiledOperation,
  variables: JsonObject,
  request: SubscribeRequest,
): AsyncGenerator<ExecutionResult, void, void> {
  const { prepared, source } = compiled;
  if (source === undefined) return;
  const { service } = source;
  const { sources, signal, headers = {} } = request;
  const body = source.bodyOf(newRun(prepared, variables, request));
  for await (const answer of sources.subscribe({ service, body, headers }, signal)) {
    const run = newRun(prepared, variables, request);
    source.settle(run, readAnswer(answer, service));
    const result = await completeRun(compiled, run, request.variables);
    // What was still to be fetched failed because nobody waits for it any more.
    if (signal.aborted) return;
    yield result;
  }
}
