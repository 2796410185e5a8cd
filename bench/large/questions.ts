import { indexes, items, type Label, label, parts, wide } from "./graph.ts";

/** An operation near a limit, and the text of its answer. */
export type LargeQuestion = { readonly name: string; readonly query: string; readonly answer: string };

const listed = 50_000;
const entities = 10_000;
/** As many as 2,000 tokens, the most of a document, have room for at 12 each; 9 fields each stay below 2,000 fields. */
const aliases = 160;

export const questions: readonly LargeQuestion[] = [
  {
    name: `a list of ${listed} objects`,
    query: `{ items(first: ${listed}) { id name price stock colour tags } }`,
    answer: answered({ items: items({ first: listed }) }),
  },
  {
    name: `${entities} entities in one fetch to a second service`,
    query: `{ parts(first: ${entities}) { id label size } }`,
    answer: answered({ parts: parts({ first: entities }).map(label) }),
  },
  {
    name: "1000 fields of one object",
    query: `{ wide { ${Object.keys(wide()).join(" ")} } }`,
    answer: answered({ wide: wide() }),
  },
  {
    name: `${aliases} aliases with arguments over two hops, 9 fields each`,
    query: `{ ${indexes(aliases)
      .map((index) => `a${index}: part(id: "part-${index}") { ...F }`)
      .join(" ")} } fragment F on Part { id label size b: label c: label d: size e: size f: id }`,
    answer: answered(
      Object.fromEntries(indexes(aliases).map((index) => [`a${index}`, repeated(label({ id: `part-${index}` }))])),
    ),
  },
];

function repeated({ id, label, size }: Label) {
  return { id, label, size, b: label, c: label, d: size, e: size, f: id };
}

function answered(data: unknown): string {
  return JSON.stringify({ data });
}
