import { type Resolvers, serveSubgraph, subgraphSchema } from "@catalyst-node/example-subgraph";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])`;

/** A service that is really served, with the SDL to compose. */
export type Service = AsyncDisposable & { readonly name: string; readonly url: string; readonly sdl: string };

/** `books`: one query field, which answers `word`; and an entity whose title is the word too. */
export async function books(word: string, delayMs = 0): Promise<Service> {
  const sdl = `${link} type Query { ${word}: String book: Book wait: String } type Book @key(fields: "id") { id: ID! ${word}Title: String }
    type Mutation { set${word}: String }`;
  const slowly = async (): Promise<string> => {
    await new Promise((settle) => setTimeout(settle, delayMs));
    return word;
  };
  const schema = subgraphSchema(
    sdl,
    {
      Query: { [word]: () => word, book: () => ({ id: "1" }), wait: slowly },
      Book: { [`${word}Title`]: () => word },
      Mutation: { [`set${word}`]: slowly },
    },
    { Book: (representation: unknown) => representation },
  );
  const { url, [Symbol.asyncDispose]: dispose } = await serveSubgraph(schema, { host: "127.0.0.1", port: 0 });
  return { name: "books", url, sdl, [Symbol.asyncDispose]: dispose };
}

/** `stars`: adds `stars` to the book, so that a query over both is federated. */
export async function stars(): Promise<Service> {
  const sdl = `${link} type Book @key(fields: "id") { id: ID! stars: Int }`;
  const schema = subgraphSchema(
    sdl,
    { Book: { stars: () => 5 } },
    { Book: (representation: unknown) => representation },
  );
  const { url, [Symbol.asyncDispose]: dispose } = await serveSubgraph(schema, { host: "127.0.0.1", port: 0 });
  return { name: "stars", url, sdl, [Symbol.asyncDispose]: dispose };
}

/** `deep`: as deep as one asks; deeper than 50 the planner refuses it. */
export async function depths(): Promise<Service> {
  const sdl = `${link} type Query { deep: Deep } type Deep { deep: Deep n: Int }`;
  const { url, [Symbol.asyncDispose]: dispose } = await serveSubgraph(subgraphSchema(sdl, {}, {}), {
    host: "127.0.0.1",
    port: 0,
  });
  return { name: "depths", url, sdl, [Symbol.asyncDispose]: dispose };
}

/** Two services of one version, under names of their own: whatever they answer together must bear the same word. */
export async function pair(word: string, delayMs: number): Promise<readonly [Service, Service]> {
  const first = `${link} type Query { book: Book } type Book @key(fields: "id") { id: ID! first: String }
    type Mutation { write: Book }`;
  const second = `${link} type Book @key(fields: "id") { id: ID! second: String }`;
  const reference = { Book: (representation: unknown) => representation };
  const slowly = async (): Promise<{ readonly id: string }> => {
    await new Promise((settle) => setTimeout(settle, delayMs));
    return { id: "1" };
  };
  return await Promise.all([
    serve(`first-${word}`, first, {
      Query: { book: slowly },
      Mutation: { write: slowly },
      Book: { first: () => word },
    }),
    serve(`second-${word}`, second, { Book: { second: () => word } }),
  ]);

  async function serve(name: string, sdl: string, resolvers: Resolvers): Promise<Service> {
    const served = await serveSubgraph(subgraphSchema(sdl, resolvers, reference), { host: "127.0.0.1", port: 0 });
    return { name, sdl, url: served.url, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() };
  }
}

/** The supergraph of these services, as a composer writes it. */
function compose(services: readonly Pick<Service, "name" | "sdl" | "url">[]): string {
  const result = composeServices(services.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
  if (result.supergraphSdl === undefined) throw new Error(String(result.errors));
  return result.supergraphSdl;
}

/** The two sections that a set of services makes. */
export function desired(services: readonly Pick<Service, "name" | "sdl" | "url">[]) {
  return {
    schema: { supergraphSdl: services.length === 0 ? "" : compose(services) },
    endpoints: { services: services.map(({ name, url }) => ({ service: name, endpoints: [{ url }] })) },
  };
}
