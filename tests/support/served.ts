import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { graphql, type GraphQLSchema } from "graphql";

/** What answers requests on a port of its own, until it is disposed of: then at once for nobody. */
export type Served = AsyncDisposable & { readonly url: string };

export async function served(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  // Longer than whoever asks keeps a connection, or it would be closed just as it is used again.
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers GraphQL by the schema of the moment; `hear` is told each query before it is executed. */
export function answersGraphql(
  schema: () => GraphQLSchema,
  hear: (query: string, response: ServerResponse) => void = () => undefined,
): RequestListener {
  return (request, response) => {
    void (async () => {
      try {
        const { query, variables } = Object(await json(request));
        hear(String(query), response);
        const answer = await graphql({ schema: schema(), source: String(query), variableValues: variables });
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
      } catch {
        response.destroy();
      }
    })();
  };
}
