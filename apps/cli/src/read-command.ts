import { type Problem, type Result, formatProblem } from "@catalyst-node/core/model";
import { Command } from "commander";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { NodeClient } from "./node-client.ts";
import { type OutputForm, jsonDocument, withOutput } from "./output.ts";
import type { Style } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** What a command learned from a node, ready for every output form; the exit code is the same in each. */
export type Answer = {
  readonly kind: string;
  readonly items: readonly unknown[];
  readonly text: (style: Style) => string;
  readonly exit: ExitCode;
};

/** Reads an answer from a node, or says what was asked wrongly. A failed call throws. */
export type ReadNode = (client: NodeClient) => Promise<Result<Answer>>;

export type ReadOptions = { readonly api: string; readonly output: OutputForm; readonly watch?: boolean };

/** Where a node's API listens unless it was told otherwise. */
const defaultApi = "http://127.0.0.1:4100";

/** A command that reads a node: it has `--api` and `-o`. */
export function readCommand(name: string, description: string): Command {
  return withOutput(
    new Command(name)
      .description(description)
      .option("--api <url>", "the API of the node: http://HOST:PORT or HOST:PORT", defaultApi),
  );
}

/** Reads once and shows the answer, or with `watch` shows it again whenever it changes. */
export async function answer(terminal: Terminal, options: ReadOptions, read: ReadNode): Promise<void> {
  const { callFailure, connectNode } = await import("./node-client.ts");
  const connected = await connectNode(options.api);
  if (!connected.ok) return refuse(terminal, connected.problems, exitCode.usage);
  using connection = connected.value;
  try {
    const first = await read(connection.client);
    if (!first.ok) return refuse(terminal, first.problems, exitCode.failed);
    show(terminal, options.output, first.value);
    terminal.exitWith(first.value.exit);
    if (!options.watch) return;
    const { watch } = await import("./watch.ts");
    await watch(terminal, options, first.value, () => read(connection.client));
  } catch (error) {
    const { problem, exit } = callFailure(error, options.api);
    refuse(terminal, [problem], exit);
  }
}

/** Prints the problems and says how the process ends. */
export function refuse(terminal: Terminal, problems: readonly Problem[], exit: ExitCode): void {
  for (const problem of problems) terminal.stderr(`${formatProblem(problem)}\n`);
  terminal.exitWith(exit);
}

/** Writes an answer to stdout in the form that was asked for. */
export function show(terminal: Terminal, output: OutputForm, { kind, items, text }: Answer): void {
  const style = { wide: output === "wide", color: terminal.color ?? false };
  terminal.stdout(output === "json" ? jsonDocument(kind, items) : text(style));
}
