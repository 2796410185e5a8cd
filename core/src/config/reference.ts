import { type KeyDescription, explainAll } from "./explain.ts";
import { namedKeys } from "./names.ts";
import type { ListShape, ScalarShape } from "./shape.ts";

/** What the command line must know of one derived flag to offer it; what it means is read by `loadConfig`. */
export type FlagDescription = {
  readonly flag: string;
  readonly kind: "value" | "switch" | "item";
  /** What stands for its value in help: `host:port`. */
  readonly value: string;
  readonly words: readonly string[];
  readonly default: string | boolean | null;
  readonly description: string;
};

/** Every flag that is derived from the schema, in its order. */
export function describeFlags(): readonly FlagDescription[] {
  return namedKeys.map(({ flag, shape }) => (shape.kind === "list" ? itemFlag(flag, shape) : scalarFlag(flag, shape)));
}

function itemFlag(flag: string, { description }: ListShape): FlagDescription {
  return {
    flag,
    kind: "item",
    value: "name=NAME,key=value,...",
    words: [],
    default: null,
    description: `${description} One item, or the same as JSON; repeatable.`,
  };
}

function scalarFlag(
  flag: string,
  { type, title, words, default: fallback, description }: ScalarShape,
): FlagDescription {
  const kind = type === "boolean" ? "switch" : "value";
  const value = type === "boolean" ? "true|false" : words.length > 0 ? "word" : title;
  return { flag, kind, value, words, default: fallback ?? null, description };
}

/** docs/reference/config.md: every key with its type, default, flag and variable. */
export function configReference(): string {
  return `${introduction}\n## Keys\n\n${explainAll().map(section).join("\n")}`;
}

const introduction = `# Configuration

<!-- Generated from core/src/config by \`npm run generate\`; do not edit. -->

A node is configured by a JSON file, by variables of the environment, by flags, or by all of them:
defaults < file < environment < flags, merged key by key. \`catalyst config print --origins\` shows
which source gave each value, and \`catalyst config print --as-flags\` the same configuration as flags.

- **File**: \`-c FILE\`, else \`CATALYST_CONFIG\`, else \`catalyst.json\` in the working directory if it exists.
  Plain JSON without comments, at most 1 MiB. \`"$schema"\` may name
  [config.schema.json](config.schema.json), so that editors complete and check it.
- **Environment**: one variable for each key outside lists; lists as JSON (\`CATALYST_SERVICES='[{"name":"products","url":"..."}]'\`).
  An empty variable counts as not set; an unknown \`CATALYST_\` variable is a problem.
- **Flags**: one for each key outside lists. Switches are \`--gateway-embedded\`, \`--gateway-embedded=false\` or
  \`--no-gateway-embedded\`. A service is \`--service name=products,url=http://127.0.0.1:4001/graphql\`
  (repeatable; \`schema.from=file\` for nested keys; \`\\,\` is a comma and \`\\\\\` a backslash in a value), or JSON when
  it begins with \`{\`. Any key: \`--set services[products].url=URL\`; \`--set-file PATH=FILE\` takes the value from a
  file; \`--unset PATH\` returns to the default whatever file and environment say. A key given twice is a problem.
- **Lists** are merged item by item, by \`name\`.
- **Durations** are whole numbers with ms, s, m or h; **sizes** with B, KiB, MiB or GiB.
- **Relative paths** begin at the working directory, whichever source they come from.
- **Secrets** are never values, only the paths of files (\`...File\`).

All problems are told at once, each with a code ([errors](errors.md)) and its place; the exit code is then 3.
`;

function section(key: KeyDescription): string {
  const fallback =
    key.default === undefined ? (key.required ? "required" : "none") : `\`${JSON.stringify(key.default)}\``;
  return `### \`${key.key}\`

${key.description.replaceAll("<", "&lt;")}

| | |
|---|---|
| type | ${key.type.replaceAll("|", String.raw`\|`)} |
| default | ${fallback} |
| flag | \`${key.flag}\` |
| variable | \`${key.variable}\` |
| example | \`${key.example}\` |
`;
}
