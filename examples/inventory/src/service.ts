import { type GraphQLSchema, buildSchema } from "graphql";

const sdl = `
type Query {
  "Null for a product that the warehouse has never held."
  stock(productId: ID!): Stock
}

type Stock {
  quantity: Int!
  inStock: Boolean!
}
`;

const quantities: ReadonlyMap<string, number> = new Map([
  ["1", 42],
  ["2", 120],
  ["3", 7],
  ["4", 0],
  ["5", 12],
  ["6", 3],
  ["7", 25],
  ["8", 0],
  ["9", 58],
  ["10", 200],
]);

/** The Inventory service: what lies in the warehouse. Knows nothing of federation; graphql-js alone suffices. */
export function inventorySchema(): GraphQLSchema {
  const schema = buildSchema(sdl);
  const stock = schema.getQueryType()?.getFields()["stock"];
  if (!stock) throw new Error("The SDL has no Query.stock.");
  stock.resolve = (_, { productId }: { readonly productId: string }) => {
    const quantity = quantities.get(productId);
    return quantity === undefined ? null : { quantity, inStock: quantity > 0 };
  };
  return schema;
}
