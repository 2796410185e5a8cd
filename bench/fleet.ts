import type { Subgraph } from "@catalyst-node/core/supergraph";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n`;
const entities = 16;

/**
 * `count` services of 20 types each: 16 entities of eight fields, two plain types, an enum and an input. Each service
 * also adds a field to every entity of the next one. `version` stands as a field of Query in the first service, so that
 * whoever can ask for it is served by that version.
 */
export function fleet(count: number, version: string): readonly Subgraph[] {
  return Array.from({ length: count }, (_, index) => {
    const { query, types } = serviceOf(index, count);
    const fields = index === 0 ? `${versionField(version)}: Int ${query}` : query;
    const next = nextOf(index, count);
    const extended = kinds.map((kind) => `type E${next}_${kind} @key(fields: "id") { id: ID! ${addedField(index)} }`);
    return { name: `s${index}`, sdl: `${link}type Query { ${fields} }\n${[...types, ...extended].join("\n")}` };
  });
}

/** The SDL of one service that can stand for all of a fleet at once, whatever the version. */
export function fleetAsOne(count: number, versions: readonly string[]): string {
  const services = Array.from({ length: count }, (_, index) =>
    serviceOf(index, count, addedField((index || count) - 1)),
  );
  const query = [...versions.map((version) => `${versionField(version)}: Int`), ...services.map(({ query }) => query)];
  return `type Query { ${query.join(" ")} }\n${services.flatMap(({ types }) => types).join("\n")}`;
}

/** The entities of a fleet, by name. */
export function entityNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => kinds.map((kind) => `E${index}_${kind}`)).flat();
}

export function versionField(version: string): string {
  return `version_${version}`;
}

/** Operations over two to four services each, none like another. */
export function federatedQueries(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const added = `f${(index || count) - 1}`;
    const next = `next { id price(in: "EUR") f${index} next { id title } }`;
    return `{ q${index}_${index % entities} { id title state ${added} lists { total items { id } } ${next} } }`;
  });
}

const kinds = Array.from({ length: entities }, (_, kind) => kind);

function serviceOf(index: number, count: number, added = "") {
  const next = nextOf(index, count);
  const own = kinds.map(
    (kind) => `"""What service ${index} keeps of kind ${kind}."""
type E${index}_${kind} @key(fields: "id") {
  id: ID! title: String! state: State${index} price(in: String!, at: Range${index}): Float
  tags: [String!]! lists: [Page${index}!] amount: Amount${index} next: E${next}_${kind} ${added}
}`,
  );
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
  return `f${index}: Int`;
}

function nextOf(index: number, count: number): number {
  return (index + 1) % count;
}
