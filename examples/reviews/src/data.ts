export type Review = {
  readonly id: string;
  readonly productId: string;
  readonly rating: number;
  readonly body: string;
};

/** What is there at every start, so that an answer is the same on every machine. */
export const firstReviews: readonly Review[] = [
  { id: "1", productId: "1", rating: 5, body: "Survived a fall off a cliff. The tea did not." },
  { id: "2", productId: "1", rating: 4, body: "Keeps its heat, and my lips know it." },
  { id: "3", productId: "2", rating: 5, body: "Wrote in the rain with it. I can still read it." },
  { id: "4", productId: "3", rating: 5, body: "The dog and I share it. Mostly the dog." },
  { id: "5", productId: "3", rating: 3, body: "Warm, but it itches." },
  { id: "6", productId: "4", rating: 2, body: "Points north, more or less." },
  { id: "7", productId: "5", rating: 4, body: "Holds everything except its price." },
  { id: "8", productId: "6", rating: 5, body: "Three storms, one wick." },
  { id: "9", productId: "6", rating: 4, body: "Bright enough to read the manual by." },
  { id: "10", productId: "8", rating: 5, body: "Boils a cup in four minutes, in a pocket-sized hurry." },
  { id: "11", productId: "9", rating: 1, body: "A fine cape. Not for rain." },
];
