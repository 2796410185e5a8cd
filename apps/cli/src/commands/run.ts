import { Command } from "commander";
import { addConfigOptions, resolveConfig } from "../config-options.ts";
import { exitCode } from "../exit-code.ts";
import { withReadyOutput } from "../output.ts";
import { ownProgram } from "../own-program.ts";
import { printProblems } from "../print-problems.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst run`: a node, its orchestrator in this process and its gateway embedded or remote. */
export function runCommand(terminal: Terminal): Command {
  const command = new Command("run").description("run a node: its orchestrator, and its gateway beside it");
  return addConfigOptions(withReadyOutput(command)).action(async ({ output }: { readonly output: "text" | "json" }) => {
    const [loaded, { runOrchestrator }] = await Promise.all([
      resolveConfig(command, terminal),
      import("@catalyst-node/orchestrator"),
    ]);
    if (!loaded.ok) {
      printProblems(terminal, loaded.problems);
      return terminal.exitWith(exitCode.configuration);
    }
    const { stdout, stderr } = terminal;
    terminal.exitWith(
      await runOrchestrator({ config: loaded.value.config, catalyst: ownProgram, output, stdout, stderr }),
    );
  });
}
