import { answers, type Services } from "./example.ts";

const table = {
  __typename: "Product",
  id: "1",
  weight: 30,
  size: { width: 2, depth: 3, unit: "m" },
  owner: { __typename: "Person", name: "Ann", born: 1970 },
  media: { __typename: "Film", title: "Table, the film", minutes: 90 },
};

const of = (inventory: string, products: string): Services => ({
  services: { products: `type Query { product: Product } ${products}`, inventory },
  resolvers: { "Query.product": () => table },
  own: {
    products: { "Product.weight": (_, { unit }) => (unit === "g" ? 30_000 : 30) },
    inventory: {
      "Product.shipping": (product) => JSON.stringify(product["weight"] ?? product["size"] ?? product["media"]),
    },
  },
  entities: { Product: [{ __typename: "Product", id: "1" }] },
});

answers(
  "@requires: what a field is made of is fetched first and sent along",
  of(
    `type Product @key(fields: "id") { id: ID! weight: Int @external shipping: String @requires(fields: "weight") }`,
    `type Product @key(fields: "id") { id: ID! weight: Int }`,
  ),
  {
    query: "{ product { shipping } }",
    data: { product: { shipping: "30" } },
    requests: { products: 1, inventory: 1 },
  },
);

answers(
  "@requires: a nested selection is sent as it is written, without what it leaves out",
  of(
    `type Product @key(fields: "id") { id: ID! size: Size @external shipping: String @requires(fields: "size { width depth }") }
     type Size { width: Int @external depth: Int @external }`,
    `type Product @key(fields: "id") { id: ID! size: Size } type Size { width: Int depth: Int unit: String }`,
  ),
  {
    query: "{ product { shipping size { unit } } }",
    data: { product: { shipping: `{"width":2,"depth":3}`, size: { unit: "m" } } },
    requests: { products: 1, inventory: 1 },
  },
);

answers(
  "@requires: fields of an interface are fetched and sent with the type's name",
  of(
    `type Product @key(fields: "id") { id: ID! media: Media @external shipping: String @requires(fields: "media { title }") }
     interface Media { title: String }
     type Film implements Media { title: String @external }
     type Book implements Media { title: String @external }`,
    `type Product @key(fields: "id") { id: ID! media: Media }
     interface Media { title: String }
     type Film implements Media { title: String minutes: Int }
     type Book implements Media { title: String pages: Int }`,
  ),
  {
    query: "{ product { shipping } }",
    data: { product: { shipping: `{"__typename":"Film","title":"Table, the film"}` } },
    requests: { products: 1, inventory: 1 },
  },
);

answers(
  "@requires: fragments on the types of an interface send each type its own",
  of(
    `type Product @key(fields: "id") {
       id: ID!
       media: Media @external
       shipping: String @requires(fields: "media { ... on Film { minutes } ... on Book { pages } }")
     }
     interface Media { title: String }
     type Film implements Media { title: String @external minutes: Int @external }
     type Book implements Media { title: String @external pages: Int @external }`,
    `type Product @key(fields: "id") { id: ID! media: Media }
     interface Media { title: String }
     type Film implements Media { title: String minutes: Int }
     type Book implements Media { title: String pages: Int }`,
  ),
  {
    query: "{ product { shipping } }",
    data: { product: { shipping: `{"__typename":"Film","minutes":90}` } },
    requests: { products: 1, inventory: 1 },
  },
);

answers(
  "@requires: arguments of the required field are its own, whatever the client asks beside it",
  of(
    `type Product @key(fields: "id") {
       id: ID!
       weight(unit: String): Int @external
       shipping: String @requires(fields: "weight(unit: \\"g\\")")
     }`,
    `type Product @key(fields: "id") { id: ID! weight(unit: String): Int }`,
  ),
  {
    query: `{ product { shipping weight(unit: "kg") } }`,
    data: { product: { shipping: "30000", weight: 30 } },
    requests: { products: 1, inventory: 1 },
  },
);

answers(
  "@requires: a required field that failed fails what is made of it, and its service is not asked",
  {
    ...of(
      `type Product @key(fields: "id") { id: ID! weight: Int @external shipping: String @requires(fields: "weight") }`,
      `type Product @key(fields: "id") { id: ID! weight: Int }`,
    ),
    own: {
      products: {
        "Product.weight": () => {
          throw new Error("the scales broke");
        },
      },
    },
  },
  {
    query: "{ product { id shipping } }",
    data: { product: { id: "1", shipping: null } },
    errors: ["product.shipping: the scales broke"],
    requests: { products: 1 },
  },
);
