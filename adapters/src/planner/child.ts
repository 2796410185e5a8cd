import { type QueryPlan, QueryPlanner } from "@graphql-hive/router-query-planner";
import type { FromPlanner, ToPlanner } from "./messages.ts";

/**
 * The entry of a planner process. Kept for the life of the process, because a plan in flight uses
 * the planner's memory after it was collected.
 */
let planner: QueryPlanner | undefined;

/** The package's own type of a plan leaves out what it really sends; core/execution describes that. */
type Answer =
  | Exclude<FromPlanner, { readonly kind: "planned" }>
  | { readonly kind: "planned"; readonly plan: QueryPlan };

const noLabels = new Set<string>();

process.on("message", (message: ToPlanner) => {
  answer(message).then(send, (error: unknown) =>
    send({ kind: "refused", message: error instanceof Error ? error.message : String(error) }),
  );
});

// Planning runs in Rust on another thread and cannot be stopped: no exit handler, no waiting for it.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

async function answer(message: ToPlanner): Promise<Answer> {
  if (message.kind === "load") {
    planner = new QueryPlanner(message.sdl);
    return { kind: "loaded", consumerSdl: planner.consumerSchema };
  }
  if (planner === undefined) throw new Error("no supergraph was loaded");
  return { kind: "planned", plan: await planner.planAsync(message.query, null, noLabels, 0) };
}

function send(message: Answer): void {
  process.send?.(message);
}
