import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, gatewayOf, runNode } from "../support/node.ts";
import { Running, catalyst } from "../support/process.ts";
import { root } from "../support/tree.ts";

const run = promisify(execFile);

/** One call with our .proto files and nothing else of ours; by gRPC, as a sidecar's client in another language would. */
async function bufCurl(
  socket: string,
  method: string,
  request: unknown = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await run(
    `${root}node_modules/.bin/buf`,
    [
      "curl",
      "--schema",
      `${root}proto`,
      "--protocol",
      "grpc",
      "--http2-prior-knowledge",
      "--unix-socket",
      socket,
      "--data",
      JSON.stringify(request),
      `http://localhost/catalyst.gateway.v1.GatewayService/${method}`,
    ],
    { timeout: 30_000 },
  );
  return JSON.parse(stdout);
}

test("a foreign client configures a gateway, and an orchestrator that remembers nothing takes it over", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using reviews = await example("reviews");
  const socket = join(folder.path, "gateway.sock");
  await using gateway = await Running.catalyst(["gateway", "--rpc", `unix:${socket}`, "--listen", "127.0.0.1:0"]);

  assert.partialDeepStrictEqual(await bufCurl(socket, "GetStatus"), { status: { state: "STATE_UNCONFIGURED" } });
  assert.equal((await ask(gateway.graphql, "{ __typename }")).status, 503);

  const configured = await bufCurl(socket, "Configure", {
    revision: { epoch: 7, number: 3 },
    identity: { organization: "acme", node: "west", mode: "MODE_PRODUCTION" },
    schema: { supergraphSdl: await productsSupergraph(products.graphql) },
    endpoints: { services: [{ service: "products", endpoints: [{ url: products.graphql }] }] },
  });
  assert.partialDeepStrictEqual(configured, { status: { state: "STATE_READY" } });
  const query = "{ products(first: 1) { name } }";
  assert.deepEqual((await ask(gateway.graphql, query)).data, { products: [{ name: "Enamel Mug" }] });

  await using node = await runNode({
    stateDir: join(folder.path, "empty"),
    services: { products: products.graphql, reviews: reviews.graphql },
    flags: ["--gateway-embedded=false", "--gateway-rpc-address", `unix:${socket}`],
  });
  const joined = await ask(gateway.graphql, "{ products(first: 1) { name averageRating } }");
  assert.deepEqual(joined.errors, undefined);
  const shown = (await gatewayOf(node)) as { inSync: boolean; desiredRevision: { epoch: number } };
  assert.ok(shown.inSync);
  assert.ok(shown.desiredRevision.epoch > 7, "it speaks with a greater epoch than whoever was there before");
});

/** A supergraph that a composer really made: a throw-away node's own. */
async function productsSupergraph(url: string): Promise<string> {
  await using folder = await temporaryFolder();
  await using node = await runNode({ stateDir: folder.path, services: { products: url } });
  const { stdout } = await catalyst(["schema", "print", "--supergraph", "--api", node.url("api")]);
  return stdout;
}
