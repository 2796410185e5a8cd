import type { ServerResponse } from "node:http";
import { subgraphSchema } from "@catalyst-node/example-subgraph";
import { answersGraphql, served } from "./served.ts";

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
  const hear = (query: string, response: ServerResponse): void => {
    if (!query.includes("never")) return;
    held += 1;
    response.once("close", () => (held -= 1));
  };
  const service = await served(answersGraphql(() => schema, hear));
  return {
    url: service.url,
    get held() {
      return held;
    },
    get writes() {
      return writes;
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}
