const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])`;

/** The two versions of a graph, by the word that all its answers hold. */
export const words = ["old", "new"] as const;

/** The two services of a version: a book has a field of each. */
export const roles = ["first", "second"] as const;

export function sdlOf(role: (typeof roles)[number]): string {
  const book = `type Book @key(fields: "id") { id: ID! ${role}: String }`;
  return role === "first"
    ? `${link} type Query { book: Book } type Mutation { write: Book } ${book}`
    : `${link} ${book}`;
}
