import type { Question } from "../../tests/support/steady-client.ts";

/** So many of each in 200: a second's requests at the default rate. */
const shares = { small: 150, own: 24, changing: 8, mutation: 4, large: 4, new: 2 } as const;
const bad = ["text", "syntax", "unknown", "tokens", "batch", "bomb", "array", "form"] as const;
const asJson = (query: string, variables: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ query, variables });

const small = asJson("{ products(first: 2) { name price averageRating } }");
const own = "query($id: ID!) { product(id: $id) { name averageRating } stock(productId: $id) { quantity inStock } }";
const changing = asJson("{ version products(first: 3) { name stars } }");
const large = asJson(
  "{ products(first: 10) { id name price stars reviews { id rating body product { id name price } } } }",
);
const add = `mutation($id: ID!, $body: String!) {
  addReview(productId: $id, rating: 4, body: $body) { id product { name averageRating } }
}`;

/** What an application asks, and what it ought never to have sent, in the same order each second. */
export function question(number: number): Question {
  // A step that has no divisor in common with 200 mixes the kinds within each second.
  const turn = (number * 73) % 200;
  let below = 0;
  for (const [kind, share] of Object.entries(shares)) {
    below += share;
    if (turn < below) return good(kind, number);
  }
  return refused(bad[(turn - below) % bad.length] ?? "text");
}

function good(kind: string, number: number): Question {
  return {
    kind,
    body: bodyOf(kind, number),
    isAnswer: (status, text) => status === 200 && text.startsWith(`{"data":{`) && !text.includes(`"errors"`),
  };
}

function bodyOf(kind: string, number: number): string {
  const id = String((number % 10) + 1);
  switch (kind) {
    case "own":
      return asJson(own, { id });
    case "changing":
      return changing;
    case "mutation":
      return asJson(add, { id, body: `Review ${number}, ${"as long as such texts are. ".repeat(3)}` });
    case "large":
      return large;
    case "new":
      // A text that nobody has asked before: it is planned, and pushes another out of the cache.
      return asJson(`{ product(id: "${id}") { name n${number}: price averageRating } }`);
    default:
      return small;
  }
}

function refused(kind: (typeof bad)[number]): Question {
  const { body, status, headers = {} } = refusals[kind];
  return { kind, body, headers, isAnswer: (got, text) => got === status && text.includes(`"errors"`) };
}

type Refusal = {
  readonly body: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
};
const spreads = Array.from({ length: 12 }, (_, at) => `fragment f${at} on Query { ...f${at + 1} ...f${at + 1} }`);
const modern = { accept: "application/graphql-response+json" };

const refusals: Readonly<Record<(typeof bad)[number], Refusal>> = {
  text: { body: small, status: 415, headers: { "content-type": "text/plain" } },
  form: {
    body: "query=%7B__typename%7D",
    status: 415,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  },
  batch: { body: `[${small},${small}]`, status: 400 },
  array: { body: `{"query":["{ __typename }"]}`, status: 400 },
  syntax: { body: asJson("{ products("), status: 400, headers: modern },
  unknown: { body: asJson("{ products { nobody } }"), status: 400, headers: modern },
  tokens: { body: asJson(`{ ${"__typename ".repeat(2_500)} }`), status: 400, headers: modern },
  bomb: {
    body: asJson(`{ ...f0 } ${spreads.join(" ")} fragment f12 on Query { products { id } }`),
    status: 400,
    headers: modern,
  },
};
