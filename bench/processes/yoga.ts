/** The least that can be started for comparison: a bare GraphQL Yoga, told to answer `{ __typename }`. */
import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";
import { tellReady } from "./ready.ts";

const yoga = createYoga({ schema: createSchema({ typeDefs: "type Query { a: Int }" }), logging: false });
tellReady(
  "yoga",
  createServer((request, response) => void yoga(request, response)),
);
