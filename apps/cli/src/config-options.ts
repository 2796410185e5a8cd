import type {
  ConfigResult,
  FlagDescription,
  FlagInput,
  LoadedConfig,
  SuppliedValues,
} from "@catalyst-node/core/config";
import { type Command, Option } from "commander";
import derived from "./config-flags.json" with { type: "json" };
import type { Terminal } from "./terminal.ts";

/** What a command puts beneath all sources: any of it may be overridden by file, environment and flags. */
export type Supplied = {
  /** How `--origins` names it: `catalyst dev`. */
  readonly command: string;
  readonly values: SuppliedValues;
};

/** The flags each command was given, in their order; commander itself keeps only the last of each. */
const given = new WeakMap<Command, FlagInput[]>();

/**
 * Adds every flag of the configuration to a command. They are read by `resolveConfig`, not by commander: it knows
 * neither the schema nor the places, and would not tell a flag that is given twice.
 */
export function addConfigOptions(command: Command): Command {
  const flags: FlagInput[] = [];
  given.set(command, flags);
  for (const option of [...generalOptions(), ...derivedFlags.flatMap(optionsOf)]) {
    command.addOption(option);
    command.on(`option:${option.name()}`, (value: string | null) => {
      flags.push({ flag: `--${option.name()}`, value: value ?? undefined });
    });
  }
  return command;
}

/** Reads the configuration of a command that has `addConfigOptions`, or everything that is wrong with it. */
export async function resolveConfig(
  command: Command,
  terminal: Pick<Terminal, "env" | "cwd">,
  supplied?: Supplied,
): Promise<ConfigResult<LoadedConfig>> {
  const [{ readConfigSources }, { loadConfig }] = await Promise.all([
    import("@catalyst-node/adapters/config"),
    import("@catalyst-node/core/config"),
  ]);
  const { env, cwd } = terminal;
  const sources = await readConfigSources({ flags: given.get(command) ?? [], env, cwd });
  return loadConfig(supplied === undefined ? sources : { ...sources, supplied });
}

/** As data, so that no command must load the schema to be parsed, helped or completed. */
const derivedFlags: readonly DerivedFlag[] = derived;

/** TypeScript knows the words of a JSON file only as text. */
type DerivedFlag = Omit<FlagDescription, "kind"> & { readonly kind: string };

function generalOptions(): readonly Option[] {
  return [
    new Option(
      "-c, --config <file>",
      "the configuration file; else CATALYST_CONFIG, else ./catalyst.json if it exists; empty: none",
    ),
    new Option("--set <path=value>", "set one key, such as services[products].url=URL; repeatable"),
    new Option("--set-file <path=file>", "set one key to what a file holds; repeatable"),
    new Option("--unset <path>", "return a key or an item to its default; repeatable"),
  ];
}

function optionsOf({ flag, kind, value, words, default: fallback, description }: DerivedFlag): readonly Option[] {
  if (kind !== "switch") {
    const option = new Option(`${flag} <${value}>`, description);
    // Shown in help and offered by the completion; checked with all else, so that every problem is told at once.
    if (words.length > 0) option.argChoices = [...words];
    return [fallback === null ? option : option.default(fallback)];
  }
  const on = new Option(`${flag} [${value}]`, description).default(fallback);
  return [on, new Option(flag.replace("--", "--no-"), `the same as ${flag}=false`)];
}
