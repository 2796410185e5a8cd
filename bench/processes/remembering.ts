import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { execute, type GraphQLSchema, parse } from "graphql";
import { tellReady } from "./ready.ts";

const maxKept = 10_000;

/**
 * Serves one of these schemas, whose name BENCH_SERVICE tells. Lean, so that it does not dominate what stands on the same
 * CPUs: the answer to a body that it has answered before is kept (its data never change). `GET /count` tells how many
 * requests it was sent.
 */
export function serveRemembering(schemas: Readonly<Record<string, () => GraphQLSchema>>): void {
  const name = process.env["BENCH_SERVICE"] ?? "";
  const make = schemas[name];
  if (make === undefined) throw new Error(`no service "${name}"`);
  const schema = make();
  const kept = new Map<string, Buffer>();
  let count = 0;

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  // A gateway that has waited for its turn finds its connections as it left them: not all can do with less.
  server.keepAliveTimeout = 120_000;
  tellReady(name, server);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET") return void response.end(String(count));
    count += 1;
    const body = (await buffer(request)).toString("utf8");
    const known = kept.get(body) ?? (await executed(body));
    if (kept.size < maxKept) kept.set(body, known);
    response.writeHead(200, { "content-type": "application/json", "content-length": known.length }).end(known);
  }

  async function executed(body: string): Promise<Buffer> {
    const { query, variables } = JSON.parse(body);
    return Buffer.from(JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables })));
  }
}
