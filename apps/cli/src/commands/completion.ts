import { Argument, Command } from "commander";
import type { CommandNode } from "../command-tree.ts";
import type { Terminal } from "../terminal.ts";

const shells = ["bash", "zsh", "fish"] as const;

/** `catalyst completion SHELL`: a script that holds the whole command tree, so that Tab starts no process. */
export function completionCommand(terminal: Terminal): Command {
  const command = new Command("completion");
  return command
    .description("print the completion script of a shell, for example: source <(catalyst completion bash)")
    .addArgument(new Argument("<shell>", "the shell that reads the script").choices(shells))
    .action(async (shell: (typeof shells)[number]) => {
      const { describeCommand } = await import("../command-tree.ts");
      const root = describeCommand(rootOf(command));
      terminal.stdout(await scripts[shell](root));
    });
}

const scripts = {
  bash: async (root) => (await import("../completion/bash.ts")).bashCompletion(root),
  zsh: async (root) => (await import("../completion/zsh.ts")).zshCompletion(root),
  fish: async (root) => (await import("../completion/fish.ts")).fishCompletion(root),
} satisfies Record<(typeof shells)[number], (root: CommandNode) => Promise<string>>;

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}
