import { fail, ok, type Result } from "@catalyst-node/core/model";
import type { QueryPlan } from "@catalyst-node/core/execution";
import { type LoadOptions, PlannerProcess, type Started } from "./planner-process.ts";
import { PlannerPool } from "./pool.ts";
import type { PlannerReserve } from "./reserve.ts";

/** Plans the operations of one supergraph, whatever happens to the processes that do the work. */
export interface Planner extends AsyncDisposable {
  /** The schema that clients see, as SDL; `consumerSchema` of core reads it. */
  readonly consumerSdl: string;
  /**
   * Plans the one operation that `query` holds (`planQuery` of a prepared operation). Costs about
   * 0.5 ms. Never rejects: CAT-EXEC-012 (cannot be planned), -013 (stalled or killed the planner),
   * -014 (too many wait), -015 (stopped, or `signal` aborted).
   */
  plan(query: string, signal: AbortSignal): Promise<Result<QueryPlan>>;
  /** How many planner processes died or were killed at their deadline. */
  readonly restarts: number;
  /** Of the processes that run now. */
  readonly pids: readonly number[];
}

export type PlannerOptions = {
  readonly supergraphSdl: string;
  /** Ends the start, not the planner. */
  readonly signal: AbortSignal;
  /**
   * Hears early what `consumerSdl` will most probably be, when the supergraph is large, to begin with whatever is made
   * of it. Only what `consumerSdl` says in the end may be used.
   */
  readonly onOutline?: (consumerSdl: string) => void;
  /** Where processes come from. Default: each is started when it is needed. */
  readonly reserve?: PlannerReserve;
  /** For one plan, in ms; past it the process is killed. Default 1,000. */
  readonly deadline?: number;
  /** For a process to become ready, in ms. Default 10,000. */
  readonly startDeadline?: number;
  /** How many operations may wait. Default 256. */
  readonly queueLimit?: number;
  /** How long a plan may take before a spare is started that plans for all others, in ms. Default 20. */
  readonly spareAfter?: number;
  /** How long an operation that stalled or killed a planner is refused, in ms. Default 60,000. */
  readonly refusePeriod?: number;
};

/** Starts a planner process for a supergraph. CAT-EXEC-010, -011 or -015 when there is none in the end. */
export async function startPlanner(options: PlannerOptions): Promise<Result<Planner>> {
  const {
    supergraphSdl,
    signal,
    reserve,
    onOutline,
    deadline = 1_000,
    startDeadline = 10_000,
    queueLimit = 256,
    spareAfter = 20,
    refusePeriod = 60_000,
  } = options;
  // The planner takes any schema, and plans from one without services nothing but fetches from nowhere.
  if (!/\benum\s+join__Graph\b/.test(supergraphSdl)) {
    return fail({ code: "CAT-EXEC-010", path: "", message: "this is no supergraph: it has no enum join__Graph" });
  }
  const load = (options: Omit<LoadOptions, "deadline">) =>
    (reserve?.take() ?? PlannerProcess.fork()).load(supergraphSdl, { deadline: startDeadline, ...options });
  const start = async (signal: AbortSignal, onOutline?: LoadOptions["onOutline"]): Promise<Result<Started>> => {
    for (let tries = 0; tries < 2; tries += 1) {
      // The second time without: a planner may end at an outline that would read the whole.
      const loaded = await load({ signal, onOutline: tries === 0 ? onOutline : undefined });
      if (loaded !== "died") return loaded;
    }
    return fail({ code: "CAT-EXEC-010", path: "", message: "the planner ends, twice, while it reads the supergraph" });
  };
  const first = await start(signal, onOutline);
  if (!first.ok) return fail(...first.problems);
  return ok(
    new PlannerPool({
      first: first.value,
      start: (stop) => start(stop),
      deadline,
      queueLimit,
      spareAfter,
      refusePeriod,
    }),
  );
}
