import type { GraphSource } from "./graph.ts";
import type { Row } from "./subgraph.ts";

/** Products, reviews and inventory, with one of everything that an executor can get wrong. */
const products = `
  type Query {
    products(first: Int): [Product!]!
    product(id: ID!): Product
    node(id: ID!): Node
    search(text: String, filter: Filter): [Result!]
    media: [Media]
    shelves: [[Product]]
    constructor: String
  }
  type Mutation { rename(id: ID!, name: String!): Product  price(id: ID!, price: Int!): Product! }
  input Filter { kind: Kind = SOFT, ids: [ID!] }
  enum Kind { HARD SOFT }
  interface Node { id: ID! }
  union Result = Product | Brand
  scalar Json
  type Product implements Node @key(fields: "id") {
    id: ID!  name(upper: Boolean = false): String!  price: Int!  weight(unit: String): Int
    brand: Brand!  kind: Kind  extra: Json  fragile: String  strict: String!
  }
  type Brand implements Node @key(fields: "id") { id: ID!  title: String  founder: Person }
  type Person { name: String  born: Int @shareable  city: City @shareable }
  type City { name: String @shareable }
  interface Media @key(fields: "id") { id: ID!  title: String! }
  type Book implements Media @key(fields: "id") { id: ID!  title: String!  pages: Int! }
  type Film implements Media @key(fields: "id") { id: ID!  title: String!  minutes: Int! }
`;

const reviews = `
  type Query { reviews: [Review!]!  bestReviewed: Product @provides(fields: "price") }
  type Mutation { review(productId: ID!, body: String!): Review! }
  type Review @key(fields: "id") { id: ID!  body: String  author: User  product: Product! }
  type User @key(fields: "id") { id: ID!  name: String!  favourite: Product }
  type Product @key(fields: "id") { id: ID!  price: Int! @external  reviews(first: Int): [Review!]  rating: Float  pinned: Review! }
  type Brand @key(fields: "id") { id: ID!  title: String @external  slogan(loud: Boolean): String @requires(fields: "title") }
  type Media @key(fields: "id") @interfaceObject { id: ID!  stars(of: Int): Int }
`;

const inventory = `
  type Query { stock(productId: ID!): Stock }
  type Stock { quantity: Int  product: Product }
  type Brand @key(fields: "id") { id: ID!  country: String }
  type Product @key(fields: "id") {
    id: ID!  price: Int! @external  weight(unit: String): Int @external
    shipping(zone: String): Int @requires(fields: "price weight(unit: \\"kg\\")")  needed: String!
  }
`;

type Shop = {
  readonly products: Row[];
  readonly brands: Row[];
  readonly reviews: Row[];
  readonly users: Row[];
  readonly media: Row[];
};

function brand(id: string, title: string | null): Row {
  return { __typename: "Brand", id, title, founder: { name: `${id} founder`, born: 1900, city: { name: "Ghent" } } };
}

function product(id: string, label: string, price: number, of: Row | undefined): Row {
  const extra = { deep: [1, { some: 2 }] };
  return { __typename: "Product", id, label, price, brand: of, kind: "SOFT", extra, strict: "s" };
}

function review(id: string, body: unknown, of: unknown, author: Row | undefined): Row {
  return { __typename: "Review", id, body, product: of, author };
}

function stock(): Shop {
  const brands = [brand("b1", "Oak"), brand("b2", null)];
  const [oak, none] = brands;
  const all = [product("p1", "Table", 10, oak), product("p2", "Chair", 20, oak), product("p3", "Lamp", 30, none)];
  const [table, chair, lamp] = all;
  const users: Row[] = [
    { __typename: "User", id: "u1", name: "Ann", favourite: lamp },
    { __typename: "User", id: "u2", name: "Bob", favourite: null },
  ];
  const [ann, bob] = users;
  const reviews = [
    review("r1", "good", table, ann),
    review("r2", null, table, bob),
    review("r3", "bad", chair, ann),
    review("r4", "hm", lamp, undefined),
  ];
  const media: Row[] = [
    { __typename: "Book", id: "m1", title: "Ulysses", pages: 700 },
    { __typename: "Film", id: "m2", title: "Alien", minutes: 117 },
  ];
  return { products: all, brands, reviews, users, media };
}

function by(rows: readonly Row[]): (row: Row) => Row | null {
  return (row) => rows.find(({ id }) => id === row["id"]) ?? null;
}

/** A fresh shop: mutations of one test are not seen by another. */
export function shop(): GraphSource {
  const data = stock();
  const productById = (id: unknown) => data.products.find((row) => row["id"] === id) ?? null;
  const reviewsOf = (row: Row) => data.reviews.filter(({ product }) => Object(product).id === row["id"]);
  return {
    services: { products, reviews, inventory },
    entities: {
      Product: by(data.products),
      Brand: by(data.brands),
      Review: by(data.reviews),
      User: by(data.users),
      Media: by(data.media),
      Book: by(data.media),
      Film: by(data.media),
    },
    resolvers: {
      "Query.products": (_, { first }) => data.products.slice(0, typeof first === "number" ? first : undefined),
      "Query.product": (_, { id }) => productById(id),
      "Query.node": (_, { id }) => [...data.products, ...data.brands].find((row) => row["id"] === id) ?? null,
      "Query.search": (_, { filter }) => [
        ...data.products.filter(({ kind }) => kind === (Object(filter).kind ?? "SOFT")),
        ...data.brands,
      ],
      "Query.media": () => [...data.media, null],
      "Query.shelves": () => [[data.products[0], null], [], null, [data.products[2], data.products[0]]],
      "Query.constructor": () => "built",
      "Query.reviews": () => data.reviews,
      "Query.bestReviewed": () => data.products[1],
      "Query.stock": (_, { productId }) => ({ quantity: 3, product: productById(productId) }),
      "Mutation.rename": (_, { id, name }) => Object.assign(productById(id) ?? {}, { label: name }),
      "Mutation.price": (_, { id, price }) => Object.assign(productById(id) ?? {}, { price }),
      "Mutation.review": (_, { productId, body }) => {
        const added = review(`r${data.reviews.length + 1}`, body, productById(productId), data.users[0]);
        data.reviews.push(added);
        return added;
      },
      "Product.name": ({ label }, { upper }) => (upper === true ? String(label).toUpperCase() : label),
      "Product.price": ({ id }) => productById(id)?.["price"],
      "Product.weight": ({ id }, { unit }) => (unit === "kg" ? 2 : 2_000) + Number(String(id).slice(1)),
      "Product.fragile": ({ id }) => fails(id === "p2", "it broke"),
      "Product.strict": ({ id }) => fails(id === "p2", "it is too strict"),
      "Product.brand": ({ id }) => productById(id)?.["brand"],
      "Product.reviews": (row, { first }) => reviewsOf(row).slice(0, typeof first === "number" ? first : undefined),
      "Product.rating": (row) => reviewsOf(row).length + 0.5,
      "Product.pinned": (row) => (row["id"] === "p3" ? null : reviewsOf(row)[0]),
      "Product.shipping": ({ id, price }, { zone }) =>
        Number(price) + Number(productById(id)?.["price"] !== undefined) + String(zone).length,
      "Product.needed": ({ id }) => fails(id === "p1", "needed it is"),
      "Brand.slogan": ({ title }, { loud }) => (loud === true ? `${String(title)}!` : `from ${String(title)}`),
      "Brand.country": ({ id }) => (id === "b1" ? "BE" : null),
      "Media.stars": (_, { of }) => (typeof of === "number" ? of - 1 : 4),
      "Book.stars": (_, { of }) => (typeof of === "number" ? of - 1 : 4),
      "Film.stars": (_, { of }) => (typeof of === "number" ? of - 1 : 4),
    },
  };
}

function fails(does: boolean, message: string): string {
  if (does) throw new Error(message);
  return "fine";
}
