import type { Subgraph } from "@catalyst-node/core/supergraph";

/** What the child is asked. An Attempt is the answer. `timeoutMs`: the longest that it may take. */
export type Question = { readonly subgraphs: readonly Subgraph[]; readonly timeoutMs: number };
