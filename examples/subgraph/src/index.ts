export { type Broadcast, createBroadcast } from "./broadcast.ts";
export { type SubgraphOptions, runSubgraph } from "./run.ts";
export { type EntityResolvers, type Resolvers, subgraphSchema } from "./schema.ts";
export { type Subgraph, serveSubgraph } from "./serve.ts";
