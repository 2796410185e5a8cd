import { type ConfigValue, type LoadedConfig, formatOrigin, toFile, toFlags } from "@catalyst-node/core/config";
import type { Command } from "commander";
import { resolveConfig } from "../config-options.ts";
import { exitCode } from "../exit-code.ts";
import { type OutputForm, jsonDocument } from "../output.ts";
import { printProblems } from "../print-problems.ts";
import { shellQuote } from "../shell.ts";
import { renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type PrintOptions = { readonly output: OutputForm; readonly origins?: true; readonly asFlags?: true };

/** Prints a valid configuration; one that is not is told on stderr and nothing is printed. */
export async function printConfig(command: Command, terminal: Terminal, options: PrintOptions): Promise<void> {
  if (options.origins && options.asFlags) command.error("error: --origins and --as-flags exclude each other");
  const loaded = await resolveConfig(command, terminal);
  if (!loaded.ok) {
    printProblems(terminal, loaded.problems);
    terminal.exitWith(exitCode.configuration);
    return;
  }
  terminal.stdout(render(loaded.value, options, terminal.color ?? false));
}

function render(loaded: LoadedConfig, { output, origins, asFlags }: PrintOptions, color: boolean): string {
  const json = output === "json";
  if (asFlags) {
    const flags = toFlags(loaded);
    return json ? jsonDocument("Flag", flags) : `${flags.map(shellQuote).join(" ")}\n`;
  }
  if (json)
    return origins
      ? jsonDocument("ConfigValue", loaded.values.map(item))
      : jsonDocument("Config", [toFile(loaded.values)]);
  const columns = [
    { title: "KEY", text: ({ key }: ConfigValue) => key },
    { title: "VALUE", text: ({ value }: ConfigValue) => String(value) },
    { title: "ORIGIN", text: ({ origin }: ConfigValue) => formatOrigin(origin) },
  ];
  const shown = origins || output === "wide" ? columns : columns.slice(0, 2);
  return renderTable(shown, loaded.values, { wide: output === "wide", color });
}

function item({ key, value, origin }: ConfigValue) {
  return { key, value, origin: formatOrigin(origin) };
}
