import type { Subgraph } from "@catalyst-node/core/supergraph";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n`;

/** `count` services of `types` types, each extended by the next service: a ring. */
export function ring(count: number, types: number): readonly Subgraph[] {
  return Array.from({ length: count }, (_, index) => {
    const next = (index + 1) % count;
    const kinds = Array.from({ length: types }, (_, type) => type);
    const queries = kinds.map((type) => `q${index}_${type}: T${index}_${type}`).join(" ");
    const own = kinds.map(
      (type) => `type T${index}_${type} @key(fields: "id") { id: ID! a: String next: T${next}_${type} }`,
    );
    const extended = kinds.map((type) => `type T${next}_${type} @key(fields: "id") { id: ID! f${index}: Int }`);
    return { name: `s${index}`, sdl: `${link}type Query { ${queries} }\n${[...own, ...extended].join("\n")}` };
  });
}
