import { subgraphSchema } from "@catalyst-node/example-subgraph";
import { buildSchema, type GraphQLSchema } from "graphql";
import { type Product, products, shippingEstimate, users } from "./data.ts";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires"])`;

/** What each service tells a composer. */
export const serviceSdl = {
  products: `${link}
    type Query { product(id: ID!): Product products(first: Int!, offset: Int! = 0): [Product!]! }
    type Product @key(fields: "id") { id: ID! name: String! description: String! price: Int! weight: Int! }`,
  reviews: `${link}
    type Product @key(fields: "id") { id: ID! reviews(first: Int! = 3): [Review!]! }
    type Review { id: ID! rating: Int! body: String! author: User! }
    type User @key(fields: "id") { id: ID! }`,
  users: `${link}
    type User @key(fields: "id") { id: ID! name: String! country: String! }`,
  inventory: `${link}
    type Product @key(fields: "id") { id: ID! inStock: Boolean! warehouse: String!
      price: Int! @external weight: Int! @external shippingEstimate: Int! @requires(fields: "price weight") }`,
} as const;

const wholeSdl = `
  type Query { product(id: ID!): Product products(first: Int!, offset: Int! = 0): [Product!]! }
  type Product { id: ID! name: String! description: String! price: Int! weight: Int! inStock: Boolean!
    warehouse: String! shippingEstimate: Int! reviews(first: Int! = 3): [Review!]! }
  type Review { id: ID! rating: Int! body: String! author: User! }
  type User { id: ID! name: String! country: String! }`;

type Id = { readonly id: string };
const productsById = new Map(products.map((product) => [product.id, product]));
const usersById = new Map(users.map((user) => [user.id, user]));

const roots = {
  product: (_: unknown, { id }: Id) => productsById.get(id),
  products: (_: unknown, { first, offset }: { readonly first: number; readonly offset: number }) =>
    products.slice(offset, offset + first),
};
const known = { Product: ({ id }: Id) => productsById.get(id), User: ({ id }: Id) => usersById.get(id) };
const shipped = (given: Id & Pick<Product, "price" | "weight">) => {
  const product = productsById.get(given.id);
  return product && { ...product, shippingEstimate: shippingEstimate(given) };
};

/** One service's schema; `whole`: all four as one plain schema, the arbiter and what the proxy stands before. */
export const schemas: Readonly<Record<keyof typeof serviceSdl | "whole", () => GraphQLSchema>> = {
  products: () => subgraphSchema(serviceSdl.products, { Query: roots }, { Product: known.Product }),
  reviews: () => subgraphSchema(serviceSdl.reviews, {}, known),
  users: () => subgraphSchema(serviceSdl.users, {}, { User: known.User }),
  inventory: () => subgraphSchema(serviceSdl.inventory, {}, { Product: shipped }),
  whole() {
    const schema = buildSchema(wholeSdl);
    const fields = schema.getQueryType()?.getFields() ?? {};
    for (const [name, resolve] of Object.entries(roots)) if (fields[name] !== undefined) fields[name].resolve = resolve;
    return schema;
  },
};
