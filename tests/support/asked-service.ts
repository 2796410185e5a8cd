import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { subgraphSchema } from "@catalyst-node/example-subgraph";
import { graphql } from "graphql";

/** A service of this process, so that a test sees what it was asked. */
export type AskedService = AsyncDisposable & {
  readonly url: string;
  /** Requests for `never` that nobody has given up yet. */
  readonly held: number;
  /** How often a mutation was done. */
  readonly writes: number;
};

const sdl = `scalar Any
  type Query { hello: String deep: Deep never: String echo(of: Any): String }
  type Deep { deep: Deep hello: String }
  type Mutation { write: Int slowly(milliseconds: Int!): Int }`;

/** `hello` answers at once, `slowly` after a while, `never` never does. */
export async function askedService(): Promise<AskedService> {
  let held = 0;
  let writes = 0;
  const resolvers = {
    Query: {
      hello: () => "hello",
      deep: () => ({}),
      echo: () => "echo",
      never: () => new Promise(() => undefined),
    },
    Mutation: {
      write: () => (writes += 1),
      slowly: async (_: unknown, { milliseconds }: { readonly milliseconds: number }) => {
        await new Promise((settle) => setTimeout(settle, milliseconds));
        return (writes += 1);
      },
    },
  };
  const schema = subgraphSchema(sdl, resolvers, {});
  const server = createServer((request, response) => {
    void (async () => {
      try {
        const { query, variables } = Object(await json(request));
        if (String(query).includes("never")) {
          held += 1;
          response.once("close", () => (held -= 1));
        }
        const answer = await graphql({ schema, source: String(query), variableValues: variables });
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
      } catch {
        response.destroy();
      }
    })();
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    get held() {
      return held;
    },
    get writes() {
      return writes;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
