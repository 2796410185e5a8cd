import { answers, type Services } from "./example.ts";

const mug = { __typename: "Product", id: "1", name: "Mug", stars: 5 };

const simple: Services = {
  services: {
    products: `type Query { product: Product } type Product @key(fields: "id") { id: ID! name: String }`,
    reviews: `type Product @key(fields: "id") { id: ID! stars: Int }`,
  },
  resolvers: { "Query.product": () => mug },
  entities: { Product: [mug] },
};

answers("@key: an entity begins in one service and is completed by another", simple, {
  query: "{ product { name stars } }",
  data: { product: { name: "Mug", stars: 5 } },
  requests: { products: 1, reviews: 1 },
});

answers("@key: what one service knows needs no other", simple, {
  query: "{ product { id name } }",
  data: { product: { id: "1", name: "Mug" } },
  requests: { products: 1 },
});

const seats = [
  { __typename: "Seat", row: "A", number: 1, taken: true },
  { __typename: "Seat", row: "A", number: 2, taken: false },
  { __typename: "Seat", row: "B", number: 1, taken: false },
];

answers(
  "@key: a compound key is sent as a whole, and many entities by one request",
  {
    services: {
      hall: `type Query { seats: [Seat!]! } type Seat @key(fields: "row number") { row: String! number: Int! }`,
      sales: `type Seat @key(fields: "row number") { row: String! number: Int! taken: Boolean }`,
    },
    resolvers: { "Query.seats": () => seats },
    entities: { Seat: seats },
  },
  {
    query: "{ seats { taken } }",
    data: { seats: [{ taken: true }, { taken: false }, { taken: false }] },
    requests: { hall: 1, sales: 1 },
  },
);

const account = { __typename: "Account", number: "7", bank: { code: "X", country: "BE" }, balance: 12 };

answers(
  "@key: a nested key is sent with its objects",
  {
    services: {
      people: `
        type Query { account: Account }
        type Account @key(fields: "number bank { code country }") { number: ID! bank: Bank! }
        type Bank @shareable { code: String! country: String! }`,
      ledger: `
        type Account @key(fields: "number bank { code country }") { number: ID! bank: Bank! balance: Int }
        type Bank @shareable { code: String! country: String! }`,
    },
    resolvers: { "Query.account": () => account },
    entities: { Account: [account] },
  },
  { query: "{ account { balance } }", data: { account: { balance: 12 } }, requests: { people: 1, ledger: 1 } },
);

const book = { __typename: "Book", id: "1", isbn: "978", price: 20, pages: 300 };

answers(
  "@key: of several keys each service uses the one it knows; a third leads from one to the other",
  {
    services: {
      shop: `type Query { book: Book } type Book @key(fields: "id") { id: ID! price: Int }`,
      catalogue: `type Book @key(fields: "id") @key(fields: "isbn") { id: ID! isbn: String! }`,
      library: `type Book @key(fields: "isbn") { isbn: String! pages: Int }`,
    },
    resolvers: { "Query.book": () => book },
    entities: { Book: [book] },
  },
  {
    query: "{ book { price pages } }",
    data: { book: { price: 20, pages: 300 } },
    requests: { shop: 1, catalogue: 1, library: 1 },
  },
);

answers(
  "@key(resolvable: false): a service only refers to the entity, and is never asked for it",
  {
    services: {
      reviews: `
        type Query { review: Review }
        type Review { text: String product: Product }
        type Product @key(fields: "id", resolvable: false) { id: ID! }`,
      products: `type Product @key(fields: "id") { id: ID! name: String }`,
    },
    resolvers: { "Query.review": () => ({ text: "good", product: mug }) },
    entities: { Product: [mug] },
  },
  {
    query: "{ review { text product { id name } } }",
    data: { review: { text: "good", product: { id: "1", name: "Mug" } } },
    requests: { reviews: 1, products: 1 },
  },
);

answers(
  "@key: an entity that its other service does not know has null fields there",
  { ...simple, entities: {} },
  {
    query: "{ product { name stars } }",
    data: { product: { name: "Mug", stars: null } },
    requests: { products: 1, reviews: 1 },
  },
);
