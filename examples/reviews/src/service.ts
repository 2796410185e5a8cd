import { type Resolvers, subgraphSchema } from "@catalyst-node/example-subgraph";
import { GraphQLError, type GraphQLSchema } from "graphql";
import type { Review } from "./data.ts";
import { type ReviewStore, createReviewStore } from "./store.ts";

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

type Product @key(fields: "id") {
  id: ID!
  reviews: [Review!]!
  "Null while there is no review."
  averageRating: Float
}

type Review {
  id: ID!
  "1 (bad) to 5 (good)."
  rating: Int!
  body: String!
  "Null when Products does not know it."
  product: Product
}

type Mutation {
  addReview(productId: ID!, rating: Int!, body: String!): Review!
}

type Subscription {
  reviewAdded: Review!
}
`;

type Reference = { readonly id: string };
type NewReview = { readonly productId: string; readonly rating: number; readonly body: string };

const maxBodyLength = 2_000;
const maxIdLength = 64;

function resolvers(store: ReviewStore) {
  return {
    Product: {
      reviews: ({ id }: Reference) => store.of(id),
      averageRating: ({ id }: Reference) => average(store.of(id)),
    },
    Review: {
      product: ({ productId }: Review) => ({ id: productId }),
    },
    Mutation: {
      addReview: (_: unknown, words: NewReview) => store.add(checkReview(words)),
    },
    Subscription: {
      reviewAdded: () => store.added.listen(),
    },
  } satisfies Resolvers;
}

function average(reviews: readonly Review[]): number | null {
  if (reviews.length === 0) return null;
  return reviews.reduce((sum, { rating }) => sum + rating, 0) / reviews.length;
}

/** All that this service can know: which products exist is the business of Products. */
function checkReview({ productId, rating, body }: NewReview): NewReview {
  if (productId === "" || productId.length > maxIdLength)
    throw badInput(`productId must have 1 to ${maxIdLength} characters.`);
  if (rating < 1 || rating > 5) throw badInput(`rating is ${rating}; it must be from 1 to 5.`);
  if (body.trim() === "" || body.length > maxBodyLength)
    throw badInput(`body must have 1 to ${maxBodyLength} characters.`);
  return { productId, rating, body };
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "BAD_USER_INPUT" } });
}

/** The Reviews subgraph: what people say about products that it knows by id only. */
export function reviewsSchema(store = createReviewStore()): GraphQLSchema {
  return subgraphSchema(sdl, resolvers(store), { Product: ({ id }: Reference) => ({ id }) });
}
