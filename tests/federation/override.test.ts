import { answers, type Services } from "./example.ts";

const mug = { __typename: "Product", id: "1" };

const moved = (directive: string): Services => ({
  services: {
    old: `type Query { product: Product } type Product @key(fields: "id") { id: ID! price: Int }`,
    new: `type Product @key(fields: "id") { id: ID! price: Int ${directive} }`,
  },
  resolvers: { "Query.product": () => mug },
  own: { old: { "Product.price": () => 1 }, new: { "Product.price": () => 2 } },
  entities: { Product: [mug] },
});

answers("@override: the field is taken from the service that has taken it over", moved(`@override(from: "old")`), {
  query: "{ product { price } }",
  data: { product: { price: 2 } },
  requests: { old: 1, new: 1 },
});

for (const label of ["percent(0)", "percent(50)", "acme"]) {
  answers(
    `@override with the label ${label}: the field stays where it was until it is moved as a whole`,
    moved(`@override(from: "old", label: "${label}")`),
    { query: "{ product { price } }", data: { product: { price: 1 } }, requests: { old: 1 } },
  );
}

answers(
  "@override with the label percent(100): the field is taken from the service that has taken it over",
  moved(`@override(from: "old", label: "percent(100)")`),
  { query: "{ product { price } }", data: { product: { price: 2 } }, requests: { old: 1, new: 1 } },
);
