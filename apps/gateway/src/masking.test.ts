import assert from "node:assert/strict";
import { test } from "node:test";
import { serveSubgraph, subgraphSchema } from "@catalyst-node/example-subgraph";
import { eventually } from "../../../tests/support/process.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { desired } from "./testing/subgraphs.ts";

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated"])

  type Query { broken: String fine: String salary: Int @authenticated }`;
const secret = "no connection to db-7.internal as root";

async function broken() {
  const resolvers = {
    Query: {
      fine: () => "fine",
      salary: () => 100,
      broken: () => {
        throw new Error(secret);
      },
    },
  };
  const served = await serveSubgraph(
    subgraphSchema("type Query { broken: String fine: String salary: Int }", resolvers, {}),
    { host: "127.0.0.1", port: 0 },
  );
  return { name: "broken", sdl, url: served.url, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() };
}

for (const workers of ["1", "2"]) {
  test(
    `services' errors are masked, told to the log, and shown when that is configured (workers: ${workers})`,
    { timeout: 60_000 },
    async () => {
      await using service = await broken();
      await using gateway = await Gateway.start(["--workers", workers]);
      await gateway.configure({ identity: acme, ...desired([service]) });

      const response = await fetch(gateway.graphql, {
        method: "POST",
        headers: { "content-type": "application/json", "x-request-id": "request-7" },
        body: JSON.stringify({ query: "{ broken fine }" }),
      });
      const { data, errors } = (await response.json()) as Awaited<ReturnType<Gateway["ask"]>>;
      assert.deepEqual(data, { broken: null, fine: "fine" });
      assert.deepEqual(errors, [
        {
          message: "The service reported an error.",
          locations: [{ line: 1, column: 3 }],
          path: ["broken"],
          extensions: { code: "SERVICE_ERROR", service: "broken" },
        },
      ]);
      const log = await eventually(
        async () => gateway.running.stderr.split("\n").find((line) => line.includes(secret)) ?? "",
        (line) => line !== "",
      );
      assert.match(log, /request-7/);

      const { outcomes } = await gateway.configure({ identity: { ...acme, showServiceErrors: true } });
      assert.deepEqual(outcomes, { identity: "applied" });
      const shown = await gateway.ask("{ broken }");
      assert.equal(shown.errors?.[0]?.message, secret);
    },
  );
}

test("what a service protects is refused with its code, and nothing of it is asked", { timeout: 60_000 }, async () => {
  await using service = await broken();
  await using gateway = await Gateway.start();
  await gateway.configure({ identity: acme, ...desired([service]) });
  const { status, data, errors } = await gateway.ask("{ fine salary }");
  assert.equal(status, 403);
  assert.equal(data, undefined);
  assert.equal(errors?.[0]?.extensions?.["code"], "UNAUTHORIZED_FIELD_OR_TYPE");
  assert.deepEqual((await gateway.ask("{ fine }")).data, { fine: "fine" });
});
