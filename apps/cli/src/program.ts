import { Command, CommanderError } from "commander";
import { exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Every command lives in a file of its own, which loads what it needs only when it runs. */
const commands: readonly ((terminal: Terminal) => Command)[] = [];

/** The whole command line, so that the completion and the reference can read it too. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command("catalyst")
    .description("A node of a federated GraphQL service mesh.")
    .configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr })
    .showSuggestionAfterError()
    .exitOverride();
  for (const command of commands) program.addCommand(command(terminal));
  return program;
}

/** Runs one command line; the exit code is told to the terminal. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<void> {
  try {
    await buildProgram(terminal).parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    terminal.exitWith(error.exitCode === 0 ? exitCode.ok : exitCode.usage);
  }
}
