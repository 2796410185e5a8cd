import { answers, type Services } from "./example.ts";

const point = { x: 1, y: 2 };

const services: Services = {
  services: {
    maps: `type Query { here: Point } type Point @shareable { x: Int y: Int }`,
    routes: `type Query { there: Point } type Point @shareable { x: Int y: Int }`,
  },
  resolvers: { "Query.here": () => point, "Query.there": () => point },
};

answers("@shareable: a value type of two services is answered whole by whoever is at it", services, {
  query: "{ there { x y } }",
  data: { there: { x: 1, y: 2 } },
  requests: { routes: 1 },
});

const mug = { __typename: "Product", id: "1", name: "Mug", stars: 5 };

answers(
  "@shareable: a field that several services answer is asked of the one that is asked anyway",
  {
    services: {
      products: `type Query { product: Product } type Product @key(fields: "id") { id: ID! name: String @shareable }`,
      reviews: `type Query { rated: Product } type Product @key(fields: "id") { id: ID! name: String @shareable stars: Int }`,
    },
    resolvers: { "Query.product": () => mug, "Query.rated": () => mug },
    entities: { Product: [mug] },
  },
  {
    query: "{ rated { name stars } }",
    data: { rated: { name: "Mug", stars: 5 } },
    requests: { reviews: 1 },
  },
);
