import type { QueryPlan } from "@catalyst-node/core/execution";

/** What a planner process is told: first one supergraph, then one query at a time. */
export type ToPlanner =
  | { readonly kind: "load"; readonly sdl: string }
  | { readonly kind: "plan"; readonly query: string };

/** What it answers, one message for each. */
export type FromPlanner =
  | { readonly kind: "loaded"; readonly consumerSdl: string }
  | { readonly kind: "planned"; readonly plan: QueryPlan }
  | { readonly kind: "refused"; readonly message: string };
