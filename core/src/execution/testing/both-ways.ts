import assert from "node:assert/strict";
import type { ExecutionResult } from "graphql";
import {
  type CompiledOperation,
  executeOperation,
  type ExecuteRequest,
  parseJson,
  type ServicePort,
} from "../index.ts";

export type BothWays = {
  readonly result: ExecutionResult;
  /** Whether the direct way answered too. */
  readonly isDirect: boolean;
};

/**
 * Executes an operation, and once more the direct way where it has one, from the very same answers: the results have to be
 * equal, and so has what services are asked.
 */
export async function executeBothWays(compiled: CompiledOperation, request: ExecuteRequest): Promise<BothWays> {
  const answers = new Map<string, string>();
  let areAllPlain = true;
  const recording: ServicePort = {
    send: async (call, signal) => {
      const answer = await request.services.send(call, signal);
      const text = answer.kind === "failed" ? undefined : textOf(answer.payload);
      if (text === undefined) areAllPlain = false;
      else answers.set(keyOf(call), text);
      return answer;
    },
  };
  const { direct } = compiled;
  const result = await executeOperation({ ...compiled, direct: undefined }, { ...request, services: recording });
  if (direct === undefined || !areAllPlain || request.signal.aborted) return { result, isDirect: false };
  const unasked: string[] = [];
  const replaying: ServicePort = {
    send: async (call) => {
      const text = answers.get(keyOf(call));
      if (text !== undefined) return { kind: "answered", bytes: encoder.encode(text), payload: parseJson(text) };
      unasked.push(keyOf(call));
      return { kind: "failed", code: "SERVICE_UNAVAILABLE", message: "the direct way asked something else" };
    },
  };
  const again = await executeOperation(compiled, { ...request, services: replaying });
  assert.deepEqual(unasked, [], "the direct way asks what is asked anyway");
  assert.equal(JSON.stringify(again), JSON.stringify(result), "both ways answer the same");
  return { result, isDirect: direct.ended > 0 };
}

const encoder = new TextEncoder();

/** Undefined of what cannot be written, such as lists deeper than the stack. */
function textOf(payload: unknown): string | undefined {
  try {
    return JSON.stringify(payload);
  } catch {
    return undefined;
  }
}

function keyOf({ service, body }: { readonly service: string; readonly body: string }): string {
  return `${service}\n${body}`;
}
