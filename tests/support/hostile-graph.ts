import { books, desired, stars } from "../../apps/gateway/src/testing/subgraphs.ts";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3",
  import: ["@key", "@external", "@requires", "@provides", "@shareable"])`;
/** docs/composition-gaps.md, planner-never-comes-back. */
const stall = {
  na: `type N @key(fields: "id org { oid }") @key(fields: "sku") { id: ID! org: OrgN! sku: String! link: Int }
    type OrgN @shareable { oid: ID! }`,
  nc: `type N @key(fields: "id org { oid }") @key(fields: "sku") { id: ID! org: OrgN! sku: String! link: Int @external
      link2(p: String! = "d"): Int to8: N @provides(fields: "link") }
    type OrgN @shareable { oid: ID! }`,
  nd: `type N @key(fields: "id org { oid }") { id: ID! org: OrgN! code: Float } type OrgN @shareable { oid: ID! }
    type Query { title2: N }`,
};

/** docs/composition-gaps.md, planner-panics-in-mismatch-finder. */
const panic = {
  a: `type E0 @key(fields: "id") @key(fields: "sku") { id: ID! sku: String! code: ID }`,
  c: `type E0 @key(fields: "id") { id: ID! x(p: ID!): E0 code2: Float @external }
    type E1 @key(fields: "id org { oid }") @key(fields: "sku") { id: ID! org: OrgE1! sku: String!
      owner: ID @external made11: String @requires(fields: "owner") to12: E0 @provides(fields: "code2") }
    type OrgE1 @shareable { oid: ID! }`,
  d: `type E0 @key(fields: "id") @key(fields: "sku") { id: ID! sku: String! code: ID @external code2: Float
      name2: ID @external made11: String @requires(fields: "code name2") }
    type Query { price2: E0 }`,
  e: `type E0 @key(fields: "id") { id: ID! name2: ID } type E1 @key(fields: "sku") { sku: String! owner: ID }`,
};

/** Ends the planner's process by a panic; `mark` makes another text of it. */
export function deadly(mark: string): string {
  return `query ${mark} { price2 { x(p: "1") { made11 } } }`;
}

/** Valid, small, and the planner never comes back from it. */
export function endless(mark: string): string {
  return `query ${mark} { title2 { link2(p: "s") link to8 { code } } }`;
}

/** Valid, within all limits of a request, and of as many fetches as these allow: up to a second for the planner. */
export function heavy(mark: string): string {
  return `query ${mark} { items { ...F0 } } ${doubling(9, "rating")}`;
}

/** Small as text, 2^levels fields written out. */
export function bomb(levels: number): string {
  return `{ items { ...F0 } } ${doubling(levels, "id")}`;
}

/** A fragment that spreads itself, through another one. */
export const cycle = `{ items { ...A } } fragment A on Item { next { ...B } } fragment B on Item { next { ...A } }`;

/** What any client may ask at any time; over two services. */
export const honest = "{ dune book { duneTitle stars } }";
export const honestAnswer = { status: 200, data: { dune: "dune", book: { duneTitle: "dune", stars: 5 } } };

/** An honest query of a text that is asked for the first time. */
export function unknown(mark: string): string {
  return `query ${mark} ${honest}`;
}

function doubling(levels: number, leaf: string): string {
  const fragments = Array.from({ length: levels }, (_, level) => {
    const below = level + 1 < levels ? `...F${level + 1}` : leaf;
    return `fragment F${level} on Item { a: next { ${below} } b: next { ${below} } }`;
  });
  return fragments.join(" ");
}

/** Two services that answer, beside those that only make plans hard. */
export class HostileGraph implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  /** The sections for a gateway; `version` is one more field of Query, for a reload. */
  readonly sections: (version: string) => ReturnType<typeof desired>;

  private constructor(stack: AsyncDisposableStack, served: Parameters<typeof desired>[0]) {
    this.#stack = stack;
    this.sections = (version) => {
      const items = `type Query { items: [Item!]! ${version}: Int } type Item @key(fields: "id") { id: ID! next: Item }`;
      const ratings = `type Item @key(fields: "id") { id: ID! rating: Int }`;
      const unserved = Object.entries({ items, ratings, ...panic, ...stall });
      return desired([
        ...served,
        ...unserved.map(([name, sdl]) => ({ name, sdl: `${link} ${sdl}`, url: "http://127.0.0.1:9/graphql" })),
      ]);
    };
  }

  static async start(): Promise<HostileGraph> {
    await using stack = new AsyncDisposableStack();
    const served = [stack.use(await books("dune")), stack.use(await stars())];
    return new HostileGraph(stack.move(), served);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
