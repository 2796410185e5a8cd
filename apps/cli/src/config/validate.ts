import type { Command } from "commander";
import { resolveConfig } from "../config-options.ts";
import { exitCode } from "../exit-code.ts";
import { type OutputForm, jsonDocument } from "../output.ts";
import { printProblems } from "../print-problems.ts";
import type { Terminal } from "../terminal.ts";

/**
 * The result of `config validate` is the list of problems: on stdout with `-o json`, empty when all is well; as
 * text they go to stderr, as with every other command.
 */
export async function validateConfig(
  command: Command,
  terminal: Terminal,
  { output }: { readonly output: OutputForm },
): Promise<void> {
  const loaded = await resolveConfig(command, terminal);
  terminal.exitWith(loaded.ok ? exitCode.ok : exitCode.configuration);
  const problems = loaded.ok ? [] : loaded.problems;
  if (output === "json") {
    const items = problems.map(({ code, path, message }) => ({ code, path, message }));
    terminal.stdout(jsonDocument("Problem", items));
  } else if (loaded.ok) {
    const { organization, node, services } = loaded.value.config;
    const source =
      loaded.value.file === undefined ? "flags and environment configure" : `${loaded.value.file} configures`;
    terminal.stdout(`ok: ${source} ${organization}/${node} with ${count(services.length, "service")}\n`);
  } else {
    printProblems(terminal, problems);
    terminal.stderr(`${count(problems.length, "problem")}; nothing was started\n`);
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
