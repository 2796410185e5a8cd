/** The least that can be started for comparison: a bare GraphQL Yoga, told to answer `{ __typename }`. */
import { createServer } from "node:http";
import { createSchema, createYoga } from "graphql-yoga";

const yoga = createYoga({ schema: createSchema({ typeDefs: "type Query { a: Int }" }), logging: false });
const server = createServer((request, response) => void yoga(request, response));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/graphql`;
  const items = [{ process: "yoga", pid: process.pid, listeners: [{ name: "graphql", url }] }];
  process.stdout.write(`${JSON.stringify({ apiVersion: "catalyst/v1", kind: "Ready", items })}\n`);
});
process.once("SIGTERM", () => process.exit());
