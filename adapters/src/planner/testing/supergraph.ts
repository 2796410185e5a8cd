import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@interfaceObject"])`;

/** Two services with an entity in common. */
export function supergraph(): string {
  const services = {
    a: `${link} type Query { items: [Item!]! media: [Media] } type Item @key(fields: "id") { id: ID! name: String next: Item }
      interface Media @key(fields: "id") { id: ID! } type Book implements Media @key(fields: "id") { id: ID! }
      type Film implements Media @key(fields: "id") { id: ID! }`,
    b: `${link} type Item @key(fields: "id") { id: ID! rating: Int }
      type Media @key(fields: "id") @interfaceObject { id: ID! stars(of: Int): Int }`,
  };
  const named = Object.entries(services).map(([name, sdl]) => ({ name, url: "", typeDefs: parse(sdl) }));
  const { supergraphSdl, errors } = composeServices(named);
  if (supergraphSdl === undefined) throw new Error(`the test's services do not compose: ${String(errors)}`);
  return supergraphSdl;
}

/** Fragments that double at each level: small as text, 2^levels fields written out. */
export function bomb(levels: number): string {
  const fragments = Array.from({ length: levels }, (_, level) => {
    const below = level + 1 < levels ? `...F${level + 1}` : "rating";
    return `fragment F${level} on Item { a: next { ${below} } b: next { ${below} } }`;
  });
  return `{ items { ...F0 } } ${fragments.join(" ")}`;
}

/** A valid query that makes version 0.0.38 panic: one key for two different calls, through an `@interfaceObject`. */
export const deadly = "{ media { ... on Book { x: stars(of: 1) } ... on Film { x: stars(of: 2) } } }";
