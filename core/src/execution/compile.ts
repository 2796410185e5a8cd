import { ok, type Result } from "../model/index.ts";
import type { QueryPlan } from "./plan.ts";
import type { PreparedOperation } from "./prepare.ts";
import { type ProjectionFor, projectionsOf } from "./projections.ts";
import type { Step } from "./run.ts";
import { compilePlan } from "./steps.ts";

/** All that can be decided about one operation text before its variables are known. */
export type CompiledOperation = {
  readonly prepared: PreparedOperation;
  /** Undefined when nothing is fetched. */
  readonly fetch: Step | undefined;
  readonly projectionFor: ProjectionFor;
};

/**
 * Turns a plan and its operation into closures, once for each operation text. `plan` is undefined
 * when prepareOperation found nothing to plan. CAT-EXEC-007 on a plan with unknown parts.
 */
export function compileOperation(prepared: PreparedOperation, plan: QueryPlan | undefined): Result<CompiledOperation> {
  const fetch = compilePlan(plan, prepared.schema);
  if (!fetch.ok) return fetch;
  return ok({ prepared, fetch: fetch.value, projectionFor: projectionsOf(prepared, fetch.value !== undefined) });
}
