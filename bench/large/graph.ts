import { subgraphSchema } from "@catalyst-node/example-subgraph";
import type { GraphQLSchema } from "graphql";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])`;
const colours = ["RED", "GREEN", "BLUE"] as const;
const wideFields = 1_000;

/** What each service tells a composer: Labels adds fields to the parts that Catalog names. */
export const serviceSdl = {
  catalog: `${link}
    type Query { items(first: Int!): [Item!]! parts(first: Int!): [Part!]! part(id: ID!): Part wide: Wide }
    type Item { id: ID! name: String! price: Float! stock: Int! colour: Colour! tags: [String!]! }
    enum Colour { ${colours.join(" ")} }
    type Part @key(fields: "id") { id: ID! }
    type Wide { ${indexes(wideFields)
      .map((index) => `f${index}: Int!`)
      .join(" ")} }`,
  labels: `${link}
    type Part @key(fields: "id") { id: ID! label: String! size: Int! }`,
} as const;

type First = { readonly first: number };
type Id = { readonly id: string };

export const items = ({ first }: First) =>
  indexes(first).map((index) => ({
    id: `item-${index}`,
    name: `Item ${index}`,
    price: index + 0.25,
    stock: index % 100,
    colour: colours[index % colours.length],
    tags: [`tag-${index % 7}`],
  }));
export const parts = ({ first }: First) => indexes(first).map((index) => ({ id: `part-${index}` }));
export const wide = () => Object.fromEntries(indexes(wideFields).map((index) => [`f${index}`, index]));
export type Label = Id & { readonly label: string; readonly size: number };
export const label = ({ id }: Id): Label => ({ id, label: `Label of ${id}`, size: id.length });

/** One service's schema. */
export const schemas: Readonly<Record<keyof typeof serviceSdl, () => GraphQLSchema>> = {
  catalog: () =>
    subgraphSchema(
      serviceSdl.catalog,
      {
        Query: {
          items: (_: unknown, args: First) => items(args),
          parts: (_: unknown, args: First) => parts(args),
          part: (_: unknown, { id }: Id) => ({ id }),
          wide,
        },
      },
      { Part: ({ id }: Id) => ({ id }) },
    ),
  labels: () => subgraphSchema(serviceSdl.labels, {}, { Part: label }),
};

export function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
