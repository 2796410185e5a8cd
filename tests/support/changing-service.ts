import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { subgraphSchema } from "@catalyst-node/example-subgraph";
import { graphql } from "graphql";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])`;

/** A service whose schema becomes another one while it runs: each version has a field of its own. */
export type ChangingService = AsyncDisposable & {
  readonly url: string;
  readonly version: number;
  /** Serves the next version from now on; answers its number. */
  readonly change: () => number;
};

/** Adds `stars` to Products' products, and `version` and `version_N` to Query. */
export async function changingService(): Promise<ChangingService> {
  let version = 0;
  let schema = schemaOf(version);
  const server = createServer((request, response) => {
    void (async () => {
      try {
        const { query, variables } = Object(await json(request));
        const answer = await graphql({ schema, source: String(query), variableValues: variables });
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
      } catch {
        response.destroy();
      }
    })();
  });
  // Longer than whoever asks keeps a connection, or it would be closed just as it is used again.
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    get version() {
      return version;
    },
    change: () => {
      version += 1;
      schema = schemaOf(version);
      return version;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function schemaOf(version: number) {
  const sdl = `${link} type Query { version: Int! version_${version}: Int! }
    type Product @key(fields: "id") { id: ID! stars: Int! stars_${version}: Int }`;
  const resolvers = {
    Query: { version: () => version, [`version_${version}`]: () => version },
    Product: { stars: () => 5, [`stars_${version}`]: () => version },
  };
  return subgraphSchema(sdl, resolvers, { Product: (representation: unknown) => representation });
}
