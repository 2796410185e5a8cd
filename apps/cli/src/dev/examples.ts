import { fileURLToPath } from "node:url";

/** An example service as `catalyst dev` starts it. */
export type Example = { readonly name: ExampleName; readonly listen: string; readonly main: string };

export const exampleNames = ["products", "reviews", "inventory"] as const;
export type ExampleName = (typeof exampleNames)[number];

/** Where each listens unless its flag says otherwise. */
export const defaultListen: Readonly<Record<ExampleName, string>> = {
  products: "127.0.0.1:4001",
  reviews: "127.0.0.1:4002",
  inventory: "127.0.0.1:4003",
};

/** The file that starts an example; looked for only by who starts it. */
export function exampleMain(name: ExampleName): string {
  return fileURLToPath(mains[name]());
}

const mains: Readonly<Record<ExampleName, () => string>> = {
  products: () => import.meta.resolve("@catalyst-node/example-products/main"),
  reviews: () => import.meta.resolve("@catalyst-node/example-reviews/main"),
  inventory: () => import.meta.resolve("@catalyst-node/example-inventory/main"),
};
