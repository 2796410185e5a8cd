import type { Command } from "commander";
import { exitCode } from "./exit-code.ts";
import { cliProblem } from "./problems.ts";
import { refuse } from "./read-command.ts";
import type { Terminal } from "./terminal.ts";

export type ConfirmOptions = { readonly yes?: boolean };

/** Adds `--yes` to a command that asks before it does what cannot be undone. */
export function withYes(command: Command): Command {
  return command.option("-y, --yes", "do not ask; where nobody can be asked, nothing is done without it");
}

/** Whether it is to be done: asked of the person at the terminal; without one `--yes` must say so. */
export async function confirm(terminal: Terminal, { yes }: ConfirmOptions, what: string): Promise<boolean> {
  if (yes) return true;
  if (!terminal.ask) {
    refuse(terminal, [cliProblem("CAT-CLI-009", "--yes", what)], exitCode.usage);
    return false;
  }
  const answer = await terminal.ask(`${what} Go on? [y/N] `);
  if (/^y(?:es)?$/i.test(answer.trim())) return true;
  terminal.stderr("Nothing was done.\n");
  terminal.exitWith(exitCode.failed);
  return false;
}
