import { type Broadcast, createBroadcast } from "@catalyst-node/example-subgraph";
import { type Review, firstReviews } from "./data.ts";

/** All reviews, in memory. */
export type ReviewStore = {
  readonly of: (productId: string) => readonly Review[];
  readonly add: (review: Omit<Review, "id">) => Review;
  /** Each event is what the subscription's field resolves from. */
  readonly added: Broadcast<{ readonly reviewAdded: Review }>;
};

const maxWaitingEvents = 100;

/** Keeps the newest `limit` reviews: an example that anybody may write to must not grow for ever. */
export function createReviewStore(limit = 1_000): ReviewStore {
  let reviews = firstReviews.slice(-limit);
  let lastId = firstReviews.length;
  const added = createBroadcast<{ readonly reviewAdded: Review }>(maxWaitingEvents);
  return {
    of: (productId) => reviews.filter((review) => review.productId === productId),
    add: (words) => {
      lastId += 1;
      const review = { id: String(lastId), ...words };
      reviews = [...reviews, review].slice(-limit);
      added.publish({ reviewAdded: review });
      return review;
    },
    added,
  };
}
