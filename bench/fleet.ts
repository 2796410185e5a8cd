import type { Subgraph } from "@catalyst-node/core/supergraph";

/** How large a graph is, and how much of it hangs together. */
export type Fleet = {
  readonly services: number;
  /** Of the 16 object types of each service: how many are entities, to each of which the service before adds a field. */
  readonly entities: number;
};

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n`;
const objects = 16;
const kinds = Array.from({ length: objects }, (_, kind) => kind);

/**
 * Services of 20 types each: 16 objects of eight fields, two smaller ones, an enum and an input. `version` stands as a
 * field of Query in the first service, so that whoever can ask for it is served by that version.
 */
export function fleetOf(fleet: Fleet, version: string): readonly Subgraph[] {
  return indexes(fleet).map((index) => {
    const { query, types } = serviceOf(index, fleet, { keys: true, added: false });
    const fields = index === 0 ? `${versionField(version)}: Int ${query}` : query;
    const next = (index + 1) % fleet.services;
    const extended = kinds
      .slice(0, fleet.entities)
      .map((kind) => `type E${next}_${kind} @key(fields: "id") { id: ID! ${addedField(index)}: Int }`);
    return { name: `s${index}`, sdl: `${link}type Query { ${fields} }\n${[...types, ...extended].join("\n")}` };
  });
}

/** The SDL of one service that can stand for all of a fleet at once, whatever the version. */
export function fleetAsOne(fleet: Fleet, versions: readonly string[]): string {
  const services = indexes(fleet).map((index) => serviceOf(index, fleet, { keys: false, added: true }));
  const query = [...versions.map((version) => `${versionField(version)}: Int`), ...services.map(({ query }) => query)];
  return `type Query { ${query.join(" ")} }\n${services.flatMap(({ types }) => types).join("\n")}`;
}

/** The names of all entities. */
export function entityNames(fleet: Fleet): readonly string[] {
  return indexes(fleet).flatMap((index) => kinds.slice(0, fleet.entities).map((kind) => `E${index}_${kind}`));
}

export function versionField(version: string): string {
  return `version_${version}`;
}

/** Operations over three or four services each, none like another. */
export function federatedQueries(fleet: Fleet): readonly string[] {
  return indexes(fleet).map((index) => {
    const next = `next { id price(in: "EUR") ${addedField(index)} next { id title } }`;
    const added = addedField((index || fleet.services) - 1);
    return `{ q${index}_${index % fleet.entities} { id title state ${added} lists { total items { id } } ${next} } }`;
  });
}

function serviceOf(index: number, fleet: Fleet, { keys, added }: { readonly keys: boolean; readonly added: boolean }) {
  const next = (index + 1) % fleet.services;
  const own = kinds.map((kind) => {
    const isEntity = kind < fleet.entities;
    const key = isEntity && keys ? ` @key(fields: "id")` : "";
    const extra = isEntity && added ? `${addedField((index || fleet.services) - 1)}: Int` : "";
    // Only an entity can be known to the service before.
    const neighbour = isEntity ? `E${next}_${kind}` : `E${index}_${(kind + 1) % objects}`;
    return `"""What service ${index} keeps of kind ${kind}."""
type E${index}_${kind}${key} {
  id: ID! title: String! state: State${index} price(in: String!, at: Range${index}): Float
  tags: [String!]! lists: [Page${index}!] amount: Amount${index} next: ${neighbour} ${extra}
}`;
  });
  const others = [
    `type Page${index} { total: Int! items: [E${index}_0!]! }`,
    `type Amount${index} { value: Float! unit: String }`,
    `enum State${index} { NEW KNOWN GONE }`,
    `input Range${index} { from: Int to: Int! = 10 }`,
  ];
  const query = kinds.map((kind) => `q${index}_${kind}(id: ID): E${index}_${kind}`).join(" ");
  return { query, types: [...own, ...others] };
}

function addedField(index: number): string {
  return `f${index}`;
}

function indexes({ services }: Fleet): readonly number[] {
  return Array.from({ length: services }, (_, index) => index);
}
