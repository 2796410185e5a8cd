/** The Hive gateway runtime with its Rust planner. BENCH_DEDUPLICATE=1 leaves its in-flight deduplication as it is by default. */
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { unifiedGraphHandler } from "@graphql-hive/router-runtime";
import { serve, supergraphSdl } from "./peer.ts";

const deduplicateInflightRequests = process.env["BENCH_DEDUPLICATE"] === "1";
const gateway = createGatewayRuntime({
  supergraph: () => supergraphSdl,
  unifiedGraphHandler,
  logging: false,
  graphiql: false,
  landingPage: false,
  transportEntries: { "*.http": { options: { deduplicateInflightRequests } } },
});
serve("hive", (request, response) => void gateway(request, response));
