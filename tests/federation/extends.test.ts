import { answers } from "./example.ts";

const mug = { __typename: "Product", id: "1", name: "Mug", stars: 5 };
const resolvers = { "Query.product": () => mug, "Query.best": () => mug };
const products = `type Query { product: Product } type Product @key(fields: "id") { id: ID! name: String }`;

const ways = {
  "extend type": `
    extend type Query { best: Product }
    extend type Product @key(fields: "id") { id: ID! @external stars: Int }`,
  "@extends": `
    type Query @extends { best: Product }
    type Product @key(fields: "id") @extends { id: ID! @external stars: Int }`,
};

for (const [way, reviews] of Object.entries(ways)) {
  answers(
    `${way}: a service adds to a type of another, and to the root`,
    { services: { products, reviews }, resolvers, entities: { Product: [mug] } },
    {
      query: "{ product { name stars } best { name } }",
      data: { product: { name: "Mug", stars: 5 }, best: { name: "Mug" } },
      requests: { products: 2, reviews: 2 },
    },
  );
}
