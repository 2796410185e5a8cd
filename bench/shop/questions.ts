/** One operation text and the variables that clients ask it with in turn. */
export type Question = { readonly query: string; readonly variables: readonly Readonly<Record<string, unknown>>[] };

/** A kilobyte of four services' fields: three hops. */
const small: Question = {
  query: `query Small($id: ID!, $reviews: Int!) {
    product(id: $id) { id name price inStock shippingEstimate reviews(first: $reviews) { id rating body author { id name } } }
  }`,
  variables: Array.from({ length: 200 }, (_, index) => ({ id: `p${index * 2}`, reviews: 2 + (index % 3) })),
};

/** Some 90 KB: the same hops for many entities. */
const large: Question = {
  query: `query Large($first: Int!, $offset: Int!) {
    products(first: $first, offset: $offset) {
      id name description price weight inStock warehouse shippingEstimate
      reviews(first: 6) { id rating body author { id name country } }
    }
  }`,
  variables: Array.from({ length: 40 }, (_, index) => ({ first: 75 + (index % 5), offset: index * 8 })),
};

export const questions = { small, large } as const;

/** The bodies of requests, in the order of the variables. */
export function bodiesOf({ query, variables }: Question): readonly string[] {
  return variables.map((each) => JSON.stringify({ query, variables: each }));
}
