import type { Random } from "../oracle/random.ts";

/** Bytes as they come: any value, any length up to `most`. */
export function randomBytes(random: Random, most: number): Buffer {
  return Buffer.from(Array.from({ length: random.below(most) }, () => random.below(256)));
}

const queryTokens = [
  ..."{ { { } } } ( ) [ ] ! $ & : = @ | ...".split(" "),
  ..."query mutation subscription fragment on dune book duneTitle stars id wait setdune __typename __schema __type".split(
    " ",
  ),
  ..."skip include if true false null defer types name F G Book Query Mutation String Boolean $v $w".split(" "),
  "1",
  "-0",
  "1e400",
  "9007199254740993",
  `"s"`,
  `"""b"""`,
  `"\\ud83d"`,
  '"',
  "#c\n",
  "\n",
  ",",
  "\u0000",
  "\u{1f600}",
  "\ufeff",
];

const queryParts = [
  "{ book { ",
  "} }",
  "dune ",
  "... on Book { stars } ",
  "...F ",
  "fragment F on Book { id stars ...G } ",
  "fragment G on Book { ...F } ",
  "@skip(if: $v) ",
  "@include(if: true) ",
  "query ($v: Boolean!) ",
  "a: ",
  "__typename ",
  "mutation { setdune } ",
];

/** Words of the language in any order: most are refused by the parser, some by validation, a few are answered. */
export function randomQuery(random: Random): string {
  const words = random.chance(0.5) ? queryParts : queryTokens;
  const text = Array.from({ length: random.below(30) }, () => random.pick(words)).join(random.chance(0.8) ? " " : "");
  return random.chance(0.3) ? `{ ${text} }` : text;
}

/** The keys that an answer of the services under test may have. */
const answerKeys = [
  "data",
  "errors",
  "book",
  "id",
  "__typename",
  "_entities",
  "stars",
  "duneTitle",
  "dune",
  "message",
  "path",
  "extensions",
];

const jsonTokens = [
  ..."{ } { } [ ] [ ] : , , :".split(" "),
  ...[...answerKeys, "__proto__", "constructor"].map((word) => `"${word}"`),
  "null",
  "true",
  "0",
  "-1",
  "1e400",
  "12345678901234567890",
  `"Book"`,
  `"x"`,
  `"\\ud800"`,
  "[]",
  "{}",
];

/** JSON's words in any order: seldom JSON. */
export function randomTokens(random: Random): string {
  return Array.from({ length: random.below(40) }, () => random.pick(jsonTokens)).join("");
}

const keys = [...answerKeys, "code", "locations", "__proto__", "constructor", "toString"];

/** A JSON value of the words that GraphQL responses are made of, in any shape. */
function randomValue(random: Random, depth: number): unknown {
  if (depth > 0 && random.chance(0.6)) {
    const length = random.below(5);
    if (random.chance(0.35)) return Array.from({ length }, () => randomValue(random, depth - 1));
    return Object.fromEntries(Array.from({ length }, () => [random.pick(keys), randomValue(random, depth - 1)]));
  }
  return random.pick<unknown>([
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    2 ** 53,
    "",
    "Book",
    "x",
    [],
    {},
    [[]],
    [null],
    "_entities",
    "book",
  ]);
}

/** What a service answers: bytes, words, or JSON around the shape that was asked for. */
export function randomAnswer(random: Random): Buffer | string {
  const kind = random.below(10);
  if (kind === 0) return randomBytes(random, 200);
  if (kind === 1) return randomTokens(random);
  if (kind === 2) return `${"[".repeat(20_000)}${random.chance(0.5) ? "]".repeat(20_000) : ""}`;
  if (kind < 5) return JSON.stringify(randomValue(random, 6));
  const entity = () => ({
    __typename: random.pick(["Book", "Book", "Nope", 1, null]),
    id: "1",
    stars: randomValue(random, 2),
    duneTitle: randomValue(random, 2),
  });
  return JSON.stringify({
    data: random.pick<unknown>([
      null,
      { book: entity(), dune: randomValue(random, 2) },
      { _entities: [entity()] },
      { _entities: randomValue(random, 3) },
    ]),
    errors: random.chance(0.4)
      ? [{ message: randomValue(random, 1), path: randomValue(random, 1), extensions: randomValue(random, 2) }]
      : randomValue(random, 2),
  });
}
