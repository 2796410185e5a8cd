import {
  type ConfigSources,
  type Environment,
  type FlagInput,
  fileVariable,
  problemAt,
  splitAssignment,
} from "@catalyst-node/core/config";
import { readText } from "./read-text.ts";
import { unread } from "./unread.ts";

/** The file that is read without being named, when it exists in the working directory. */
export const defaultFile = "catalyst.json";

/** What a command was started with. */
export type Invocation = {
  /** In the order given. */
  readonly flags: readonly FlagInput[];
  readonly env: Environment;
  /** Where relative paths begin. */
  readonly cwd: string;
};

/**
 * Reads the files that flags and variables name. What cannot be read becomes a problem within the sources, so
 * that `loadConfig` can tell everything that is wrong at once.
 */
export async function readConfigSources({ flags, env, cwd }: Invocation): Promise<ConfigSources> {
  const [file, read] = await Promise.all([
    readFile(cwd, flags, env),
    Promise.all(flags.map((flag) => readValue(cwd, flag))),
  ]);
  return { ...file, env, flags: read };
}

async function readFile(
  cwd: string,
  flags: readonly FlagInput[],
  env: Environment,
): Promise<Pick<ConfigSources, "file" | "noFile">> {
  const named = flags.filter(({ flag }) => flag === "--config").map(({ value = "" }) => value);
  if (named.length > 1) {
    return { noFile: problemAt("CAT-CONFIG-009", undefined, "--config", "given more than once; one file is read") };
  }
  if (named[0] === "") return { noFile: "no file was read: --config is empty" };
  const variable = env[fileVariable] ?? "";
  const name = named[0] ?? (variable === "" ? defaultFile : variable);
  const read = await readText(cwd, name);
  if ("text" in read) return { file: { name, text: read.text } };
  const origin = named.length > 0 ? "--config" : variable === "" ? "" : fileVariable;
  if (origin === "" && read.failure === "missing") {
    return { noFile: `no file was read: there is no ${defaultFile} here and --config names none` };
  }
  return { noFile: unread(read, [origin, name].filter((part) => part !== "").join(" ")) };
}

async function readValue(cwd: string, flag: FlagInput): Promise<FlagInput> {
  if (flag.flag !== "--set-file") return flag;
  const [, name] = splitAssignment(flag.value ?? "") ?? [];
  if (name === undefined) return flag;
  const read = await readText(cwd, name);
  if ("text" in read) return { ...flag, content: read.text.replace(/^\uFEFF/, "").replace(/\r?\n$/, "") };
  return { ...flag, content: unread(read, `${flag.flag} ${name}`) };
}
