import { answers, type Services } from "./example.ts";

const mug = { __typename: "Product", id: "1", name: "Mug", price: 9 };

const services: Services = {
  services: {
    products: `type Query { product: Product } type Product @key(fields: "id") { id: ID! name: String price: Int }`,
    offers: `
      type Query { offer: Product }
      type Product @key(fields: "id") { id: ID! price: Int @external saving: String @requires(fields: "price") }`,
  },
  resolvers: { "Query.product": () => mug, "Query.offer": () => mug },
  own: { offers: { "Product.saving": ({ price }) => `a tenth of ${String(price)}` } },
  entities: { Product: [mug] },
};

answers("@external: a service that only declares a field is not asked for it", services, {
  query: "{ offer { price } }",
  data: { offer: { price: 9 } },
  requests: { offers: 1, products: 1 },
});

answers("@external: it is asked again once it has been given what it needs", services, {
  query: "{ offer { saving } }",
  data: { offer: { saving: "a tenth of 9" } },
  requests: { offers: 2, products: 1 },
});
