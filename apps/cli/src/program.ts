import { formatProblem } from "@catalyst-node/core/model";
import { Command, CommanderError } from "commander";
import { authCommand } from "./commands/auth.ts";
import { checkCommand } from "./commands/check.ts";
import { completionCommand } from "./commands/completion.ts";
import { configCommand } from "./commands/config.ts";
import { devCommand } from "./commands/dev.ts";
import { gatewayCommand } from "./commands/gateway.ts";
import { keysCommand } from "./commands/keys.ts";
import { routesCommand } from "./commands/routes.ts";
import { runCommand } from "./commands/run.ts";
import { schemaCommand } from "./commands/schema.ts";
import { serviceTokenCommand } from "./commands/service-token.ts";
import { servicesCommand } from "./commands/services.ts";
import { statusCommand } from "./commands/status.ts";
import { tokenCommand } from "./commands/token.ts";
import { versionCommand } from "./commands/version.ts";
import { exitCode } from "./exit-code.ts";
import { cliProblem } from "./problems.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";

type MakeCommand = (terminal: Terminal) => Command;

/** Every command lives in a file of its own, which loads what it needs only when it runs. In the order of the help. */
const commands: readonly (readonly [heading: string, ...make: MakeCommand[]])[] = [
  ["Run:", devCommand, runCommand, gatewayCommand, authCommand],
  ["Read a node:", checkCommand, statusCommand, servicesCommand, routesCommand, schemaCommand],
  ["Tokens and keys:", (terminal) => serviceTokenCommand(terminal), tokenCommand, keysCommand],
  ["Set up:", configCommand, completionCommand, versionCommand],
];

/** The whole command line, so that the completion and the reference can read it too. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command("catalyst")
    .description("A node of a federated GraphQL service mesh.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command");
  for (const [heading, ...makes] of commands) {
    for (const make of makes) program.addCommand(make(terminal).helpGroup(heading));
  }
  eachCommand(program, (command) =>
    command
      .configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr })
      .helpOption("-h, --help", "print this help")
      .showSuggestionAfterError()
      .exitOverride(),
  );
  return program;
}

function eachCommand(command: Command, visit: (command: Command) => unknown): void {
  visit(command);
  for (const child of command.commands) eachCommand(child, visit);
}

/** Runs one command line; the exit code is told to the terminal. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<void> {
  try {
    await buildProgram(terminal).parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      terminal.exitWith(error.exitCode === 0 ? exitCode.ok : exitCode.usage);
      return;
    }
    // A mistake of ours: expected failures never come here. The stack is for those who ask for it.
    const message = error instanceof Error ? error.message : String(error);
    terminal.stderr(`${formatProblem(cliProblem("CAT-CLI-099", "", `${message}.`))}\n`);
    if (error instanceof Error && terminal.env["NODE_DEBUG"]?.includes("catalyst")) terminal.stderr(`${error.stack}\n`);
    terminal.exitWith(exitCode.failed);
  }
}
