/** GraphQL Yoga before the schema that @graphql-tools/federation stitches from the supergraph. */
import { getStitchedSchemaFromSupergraphSdl } from "@graphql-tools/federation";
import { createYoga } from "graphql-yoga";
import { serve, supergraphSdl } from "./peer.ts";

const schema = getStitchedSchemaFromSupergraphSdl({
  supergraphSdl,
  httpExecutorOpts: { deduplicateInflightRequests: false },
});
const yoga = createYoga({ schema, logging: false, graphiql: false });
serve("stitching", (request, response) => void yoga(request, response));
