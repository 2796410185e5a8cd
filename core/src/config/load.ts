import { buildConfig } from "./build.ts";
import { parseDocument } from "./document.ts";
import { locateAll } from "./locate.ts";
import { leavesOf, merge, missedUnsets, placeOfKey } from "./merge.ts";
import { isMissing, missingKey } from "./missing.ts";
import type { Origin } from "./origin.ts";
import { formatPath, pathOf } from "./path.ts";
import { type Located, placeOf } from "./place.ts";
import { type ConfigProblem, type ConfigResult, problemAt } from "./problems.ts";
import { type Environment, readEnvironment } from "./read-environment.ts";
import { type FlagInput, readFlags } from "./read-flags.ts";
import { readTree } from "./read-tree.ts";
import { type Reading, nothingRead } from "./reading.ts";
import { rules } from "./rules.ts";
import { type ConfigFile, type NodeConfig, completeConfig } from "./schema.ts";
import { configShape } from "./shape.ts";
import { type ConfigValue, valuesOf } from "./values.ts";

/** Everything that may set a key, weakest first: what the command supplies, the file, variables, flags. */
export type ConfigSources = {
  /** What a command supplies by itself, such as the example services of `catalyst dev`. */
  readonly supplied?: { readonly command: string; readonly values: SuppliedValues };
  readonly file?: { readonly name: string; readonly text: string };
  /** What kept the named file from being read; or why none was read, for the problems to tell. */
  readonly noFile?: ConfigProblem | string;
  readonly env: Environment;
  readonly flags: readonly FlagInput[];
};

/** Part of a configuration, in the form of a file. */
export type SuppliedValues = Partial<ConfigFile>;

export type LoadedConfig = {
  readonly config: NodeConfig;
  /** Every key that has a value, in the order of the schema: in the form of a file, with its origin. */
  readonly values: readonly ConfigValue[];
  /** Which source gave each key, by its address (`services[products].url`). */
  readonly origins: ReadonlyMap<string, Origin>;
  /** The file that was read, if one was. */
  readonly file: string | undefined;
};

/** Reads and merges all sources. Tells everything that is wrong in all of them at once, or the whole configuration. */
export function loadConfig(sources: ConfigSources): ConfigResult<LoadedConfig> {
  const { supplied, file, environment, flags } = readAll(sources);
  const lower = [supplied.settings, file.settings, environment.settings];
  const merged = merge(lower, flags);
  const told = [...supplied.problems, ...file.problems, ...environment.problems, ...flags.problems];
  const missed = missedUnsets(lower, flags.unsets).map(({ path, place }) =>
    problemAt("CAT-CONFIG-004", place, formatPath(path), "no source has such an item"),
  );
  const noFile = typeof sources.noFile === "string" ? sources.noFile : undefined;
  const missing = leavesOf(merged, configShape)
    .filter((leaf) => isMissing(leaf) && !isTold(told, formatPath(leaf.path)))
    .map((leaf) => missingKey(leaf, merged, noFile));
  const single = [...told, ...missed, ...missing];
  const parsed = buildConfig(merged);
  const between = rules.flatMap(({ code, check }) =>
    check(parsed)
      .filter(({ keys }) => !keys.some((key) => isTold(single, key)))
      .map(({ keys: [key], message }) => problemAt(code, placeOfKey(merged, pathOf(key)), key, message, key)),
  );
  if (single.length + between.length > 0) return { ok: false, problems: [...single, ...between] };
  const config = completeConfig(parsed);
  const values = valuesOf(config, merged);
  const origins = new Map(values.map(({ key, origin }) => [key, origin]));
  return { ok: true, value: { config, values, origins, file: sources.file?.name } };
}

function readAll({ supplied, file, noFile, env, flags }: ConfigSources) {
  const command = supplied && locateAll(supplied.values, placeOf({ kind: "command", command: supplied.command }));
  return {
    supplied: command ? readTree(configShape, command, { path: [], shown: "" }) : nothingRead,
    file: typeof noFile === "object" ? { settings: [], problems: [aboutAll(noFile)] } : readFile(file),
    environment: readEnvironment(env),
    flags: readFlags(flags),
  };
}

function readFile(file: ConfigSources["file"]): Reading {
  if (!file) return nothingRead;
  const { name, text } = file;
  const origin = (line: number, column: number): Origin => ({ kind: "file", file: name, line, column });
  const parsed = parseDocument({ label: name, text, origin });
  if (!parsed.ok) return { settings: [], problems: parsed.problems.map(aboutAll) };
  return readTree(configShape, withoutSchemaKey(parsed.value), { path: [], shown: "" });
}

/** `$schema` is for editors and says nothing to us. */
function withoutSchemaKey(root: Located): Located {
  if (root.value.kind !== "object") return root;
  return { ...root, value: { kind: "object", members: root.value.members.filter(({ key }) => key !== "$schema") } };
}

/** A file that cannot be read may have held any key: nothing is told missing besides. */
function aboutAll(problem: ConfigProblem): ConfigProblem {
  return { ...problem, key: "" };
}

/** Whether a problem of this key, of what contains it or of what it contains, is already told. */
function isTold(problems: readonly ConfigProblem[], key: string): boolean {
  return problems.some((problem) => {
    if (problem.key === undefined) return false;
    return problem.key === "" || covers(problem.key, key) || covers(key, problem.key);
  });
}

function covers(outer: string, key: string): boolean {
  return key === outer || key.startsWith(`${outer}.`) || key.startsWith(`${outer}[`);
}
