import { fail, ok, type Result } from "../model/index.ts";
import { DirectWays } from "./direct/ways.ts";
import type { QueryPlan } from "./plan.ts";
import type { PreparedOperation } from "./prepare.ts";
import { type ProjectionFor, projectionsOf } from "./projections.ts";
import { compilePlan, type Steps } from "./steps.ts";

/** All that can be decided about one operation text before its variables are known. */
export type CompiledOperation = Steps & {
  readonly prepared: PreparedOperation;
  readonly projectionFor: ProjectionFor;
  /** The short cuts of a query whose answers are plain. */
  readonly direct: DirectWays | undefined;
};

/**
 * Turns a plan and its operation into closures, once for each operation text. `plan` is undefined
 * when prepareOperation found nothing to plan. CAT-EXEC-007 on a plan with unknown parts.
 */
export function compileOperation(prepared: PreparedOperation, plan: QueryPlan | undefined): Result<CompiledOperation> {
  const steps = compilePlan(plan, prepared.schema, prepared.facts);
  if (!steps.ok) return steps;
  const { source, fetch } = steps.value;
  if ((source !== undefined) !== (prepared.kind === "subscription"))
    return fail({ code: "CAT-EXEC-007", path: "", message: `the plan is not that of a ${prepared.kind}` });
  const isFetched = source !== undefined || fetch !== undefined;
  const direct = plan && prepared.kind === "query" ? new DirectWays(prepared, plan) : undefined;
  return ok({ prepared, source, fetch, direct, projectionFor: projectionsOf(prepared, isFetched) });
}
