import { ok } from "@catalyst-node/core/model";
import type { Command } from "commander";
import { type AdminReadOptions, adminReadCommand, answerAdmin } from "../admin-command.ts";
import { exitCode } from "../exit-code.ts";
import { type Style, renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst keys list`: each key's state, and when its next one begins. */
export function keysListCommand(terminal: Terminal): Command {
  return adminReadCommand("list", "list the keys with their states").action(async (options: AdminReadOptions) => {
    const { keyColumns, keyItem } = await import("../views/key.ts");
    await answerAdmin(terminal, options, async (client) => {
      const items = (await client.listKeys({})).keys.map((key) => keyItem(key, new Date()));
      const text = (style: Style): string => renderTable(keyColumns, items, style);
      return ok({ kind: "KeyList", items, text, exit: exitCode.ok });
    });
  });
}
