import { subgraphSchema } from "@catalyst-node/example-subgraph";
import { answersGraphql, served } from "./served.ts";

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
  const service = await served(answersGraphql(() => schema));
  return {
    url: service.url,
    get version() {
      return version;
    },
    change: () => {
      version += 1;
      schema = schemaOf(version);
      return version;
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
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
