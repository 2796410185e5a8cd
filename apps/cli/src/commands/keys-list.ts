import type { Command } from "commander";
import { type AdminReadOptions, adminReadCommand, answerAdmin } from "../admin-command.ts";
import { exitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst keys list`: each key's state, and when its next one begins. */
export function keysListCommand(terminal: Terminal): Command {
  return adminReadCommand("list", "list the keys with their states").action(async (options: AdminReadOptions) => {
    const { keyList } = await import("../views/key.ts");
    await answerAdmin(terminal, options, async (client) => {
      const { keys } = await client.listKeys({});
      return { ...keyList(keys, new Date()), exit: exitCode.ok };
    });
  });
}
