import { answers, type Services } from "./example.ts";

const all = [
  { __typename: "Book", id: "1", title: "Ulysses", price: 10, pages: 700 },
  { __typename: "Film", id: "2", title: "Alien", price: 20, minutes: 117 },
];

const services: Services = {
  services: {
    media: `
      type Query { media: [Media] }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! title: String minutes: Int }`,
    shop: `
      type Book @key(fields: "id") { id: ID! price: Int }
      type Film @key(fields: "id") { id: ID! price: Int }`,
    cart: `
      type Query { cart: [Media] }
      type Media @key(fields: "id", resolvable: false) @interfaceObject { id: ID! }`,
  },
  resolvers: { "Query.media": () => [...all, null] },
  own: {
    cart: {
      "Query.cart": () => [
        { __typename: "Media", id: "2" },
        { __typename: "Media", id: "1" },
      ],
    },
  },
  entities: { Media: all, Book: all.slice(0, 1), Film: all.slice(1) },
};

answers("an entity interface: each type's fields come from the services of that type", services, {
  query: "{ media { title ... on Book { price pages } ... on Film { cost: price } } }",
  data: { media: [{ title: "Ulysses", price: 10, pages: 700 }, { title: "Alien", cost: 20 }, null] },
  requests: { media: 1, shop: 1 },
});

answers("an entity interface: a key alone leads to the interface's fields, in order", services, {
  query: "{ cart { id title } }",
  data: {
    cart: [
      { id: "2", title: "Alien" },
      { id: "1", title: "Ulysses" },
    ],
  },
  requests: { cart: 1, media: 1 },
});
