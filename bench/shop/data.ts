/** The shop's goods, made up by arithmetic, so that every process has the same without asking another. */
export type Product = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly price: number;
  readonly weight: number;
  readonly inStock: boolean;
  readonly warehouse: string;
  readonly shippingEstimate: number;
  /** A field with an argument: graphql-js calls it. */
  readonly reviews: (args: { readonly first: number }) => readonly Review[];
};
type Review = { readonly id: string; readonly rating: number; readonly body: string; readonly author: User };
export type User = { readonly id: string; readonly name: string; readonly country: string };

const counts = { products: 400, users: 150, reviews: 6 };
const words = "calm bright solid narrow walnut copper linen harbour winter lantern kettle ribbon mirror garden".split(
  " ",
);

export const users: readonly User[] = Array.from({ length: counts.users }, (_, index) => ({
  id: `u${index}`,
  name: `${capital(word(index))} ${capital(word(index * 5 + 1))}`,
  country: ["DE", "FR", "JP", "BR"][index % 4] ?? "",
}));

export const products: readonly Product[] = Array.from({ length: counts.products }, (_, index) => {
  const [price, weight] = [900 + ((index * 37) % 500) * 10, 100 + ((index * 13) % 90) * 10];
  const reviews = Array.from({ length: counts.reviews }, (_, number) => review(index, number));
  return {
    id: `p${index}`,
    name: `${capital(word(index))} ${word(index * 3 + 2)}`,
    description: Array.from({ length: 12 }, (_, number) => word(index * 7 + number * 3)).join(" "),
    price,
    weight,
    inStock: index % 3 > 0,
    warehouse: `${word(index + 9)} ${index % 7}`,
    shippingEstimate: shippingEstimate({ price, weight }),
    reviews: ({ first }) => reviews.slice(0, first),
  };
});

/** What inventory makes of the products' price and weight (`@requires`). */
export function shippingEstimate({ price, weight }: Pick<Product, "price" | "weight">): number {
  return price > 4_000 ? 0 : Math.round(weight * 0.5);
}

function review(product: number, number: number): Review {
  const author = users[(product * 11 + number * 17) % counts.users];
  if (author === undefined) throw new Error("a review has an author");
  const body = Array.from({ length: 10 }, (_, at) => word(product * 5 + number * 2 + at * 3)).join(" ");
  return { id: `r${product}-${number}`, rating: 1 + ((product + number * 3) % 5), body, author };
}

function word(index: number): string {
  return words[index % words.length] ?? "";
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
