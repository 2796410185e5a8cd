import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { served } from "./served.ts";

/** Somebody else's GraphQL service, as bad as one likes; what it does can be changed while it runs. */
export type BadService = AsyncDisposable & {
  readonly url: string;
  readonly requests: () => number;
  readonly behave: (manner: RequestListener) => void;
};

export async function badService(manner: RequestListener): Promise<BadService> {
  let current = manner;
  let requests = 0;
  const service = await served((request, response) => {
    requests += 1;
    request.resume();
    current(request, response);
  });
  return {
    url: service.url,
    requests: () => requests,
    behave: (next) => {
      current = next;
    },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** Takes the request and never answers. */
export const hangs: RequestListener = () => undefined;

export const answersHtml: RequestListener = (_, response) => {
  response.setHeader("content-type", "text/html").end("<html><body>It works!</body></html>");
};

/** Answers the federation query with this SDL, and every other query with `data: {}`. */
export function hasSdl(sdl: string): RequestListener {
  return (_, response) => answerJson(response, { data: { _service: { sdl } } });
}

export const hugeSdl: RequestListener = hasSdl(`type Query { a: Int }\n${"#".repeat(30 * 1024 * 1024)}`);

export const unparsableSdl: RequestListener = hasSdl("type Query { products(: Int");

function answerJson(response: ServerResponse, body: unknown): void {
  response.setHeader("content-type", "application/json").end(JSON.stringify(body));
}

/** An address on which nobody listens: bound once to be sure that it is free, then closed. */
export async function nobody(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}/graphql`;
}
