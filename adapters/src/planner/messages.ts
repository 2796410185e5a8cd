import type { QueryPlan } from "@catalyst-node/core/execution";

/** What a planner process is told: first one supergraph, then one query at a time. */
export type ToPlanner =
  | { readonly kind: "load"; readonly sdl: string; readonly outlineFirst: boolean }
  | { readonly kind: "plan"; readonly query: string };

/** What it answers, one message for each; before `loaded` there may be an `outlined`. */
export type FromPlanner =
  | { readonly kind: "outlined"; readonly consumerSdl: string }
  | { readonly kind: "loaded"; readonly consumerSdl: string }
  | { readonly kind: "planned"; readonly plan: QueryPlan }
  | { readonly kind: "refused"; readonly message: string };
