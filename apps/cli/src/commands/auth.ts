import { Command } from "commander";
import { addConfigOptions, resolveConfig } from "../config-options.ts";
import { exitCode } from "../exit-code.ts";
import { withReadyOutput } from "../output.ts";
import { printProblems } from "../print-problems.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst auth`: the process that holds a node's private keys and signs with them. */
export function authCommand(terminal: Terminal): Command {
  const command = new Command("auth").description("hold a node's private keys, and sign with them for nobody else");
  return addConfigOptions(withReadyOutput(command)).action(async ({ output }: { readonly output: "text" | "json" }) => {
    const [loaded, { runAuth }] = await Promise.all([resolveConfig(command, terminal), import("@catalyst-node/auth")]);
    if (!loaded.ok) {
      printProblems(terminal, loaded.problems);
      return terminal.exitWith(exitCode.configuration);
    }
    const { stdout, stderr } = terminal;
    terminal.exitWith(await runAuth({ config: loaded.value.config, output, stdout, stderr }));
  });
}
