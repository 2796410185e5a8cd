import { type Resolvers, subgraphSchema } from "@catalyst-node/example-subgraph";
import { GraphQLError, type GraphQLSchema } from "graphql";
import { products } from "./data.ts";

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

type Query {
  "In the shop's order. first: 1 to 100; absent: all."
  products(first: Int): [Product!]!
  product(id: ID!): Product
}

type Product @key(fields: "id") {
  id: ID!
  name: String!
  "In euro cents."
  price: Int!
}
`;

const maxFirst = 100;
const byId = new Map(products.map((product) => [product.id, product]));

const resolvers = {
  Query: {
    products: (_: unknown, { first }: { readonly first?: number | null }) => products.slice(0, checkFirst(first)),
    product: (_: unknown, { id }: { readonly id: string }) => byId.get(id),
  },
} satisfies Resolvers;

function checkFirst(first: number | null | undefined): number {
  if (first === null || first === undefined) return maxFirst;
  if (first >= 1 && first <= maxFirst) return first;
  throw new GraphQLError(`first is ${first}; it must be from 1 to ${maxFirst}.`, {
    extensions: { code: "BAD_USER_INPUT" },
  });
}

/** The Products subgraph: what the shop sells. */
export function productsSchema(): GraphQLSchema {
  return subgraphSchema(sdl, resolvers, { Product: ({ id }: { readonly id: string }) => byId.get(id) });
}
