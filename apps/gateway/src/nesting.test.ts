import assert from "node:assert/strict";
import { test } from "node:test";
import { serveSubgraph, subgraphSchema } from "@catalyst-node/example-subgraph";
import { acme, Gateway } from "./testing/gateway.ts";
import { desired } from "./testing/subgraphs.ts";

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  scalar JSON
  input In { in: In }
  type Query { n(json: JSON, in: In): Int }`;

/** A request whose values, or selections, are so deep. */
const requests: Readonly<Record<string, (levels: number) => string>> = {
  "a literal list": (levels) => JSON.stringify({ query: `{ n(json: ${"[".repeat(levels)}${"]".repeat(levels)}) }` }),
  "a literal object": (levels) =>
    JSON.stringify({ query: `{ n(in: ${"{ in: ".repeat(levels)}null${"}".repeat(levels)}) }` }),
  "a variable's type": (levels) =>
    JSON.stringify({ query: `query ($v: ${"[".repeat(levels)}Int${"]".repeat(levels)}) { n(json: $v) }` }),
  "a variable of any JSON": (levels) =>
    `{"query":"query ($v: JSON) { n(json: $v) }","variables":{"v":${"[".repeat(levels)}12345678901234567890${"]".repeat(levels)}}}`,
  "a variable of an input type": (levels) =>
    `{"query":"query ($v: In) { n(in: $v) }","variables":{"v":${'{"in":'.repeat(levels)}null${"}".repeat(levels)}}}`,
  "inline fragments": (levels) => JSON.stringify({ query: `{ ${"... { ".repeat(levels)} n ${"}".repeat(levels)} }` }),
  fields: (levels) => JSON.stringify({ query: `{ ${"n { ".repeat(levels)} n ${"}".repeat(levels)} }` }),
};

test("whatever is nested, and however deep, is answered or a GraphQL error", { timeout: 60_000 }, async () => {
  await using gateway = await Gateway.start();
  const schema = subgraphSchema(sdl, { Query: { n: () => 1 } }, {});
  const { url, [Symbol.asyncDispose]: dispose } = await serveSubgraph(schema, { host: "127.0.0.1", port: 0 });
  await using service = { name: "n", url, sdl, [Symbol.asyncDispose]: dispose };
  const answer = async (body: string) => {
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(gateway.graphql, { method: "POST", headers, body, signal });
    const { data, errors } = Object(await response.json());
    return { status: response.status, data, code: errors?.[0]?.extensions?.code };
  };
  const loosest = { maxNesting: 1_000, maxTokens: 0, maxDepth: 0, maxCost: 0, maxFields: 100_000 };
  for (const told of [{}, loosest]) {
    await gateway.configure({ identity: acme, ...desired([service]), limits: { requests: told } });
    for (const [what, request] of Object.entries(requests)) {
      for (const levels of [29, 120, 900, 5_000, 20_000]) {
        const { status, data, code } = await answer(request(levels));
        const is = `${what}, ${levels} levels: ${status} ${JSON.stringify(data)} ${code}`;
        assert.ok(status === 200 || status === 400, is);
        assert.ok(data?.n === 1 || (typeof code === "string" && code !== "INTERNAL_SERVER_ERROR"), is);
      }
    }
  }
  assert.deepEqual((await answer(`{"query":"{ n }"}`)).data, { n: 1 }, "it serves on");
});
