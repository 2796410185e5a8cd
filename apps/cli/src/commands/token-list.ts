import type { Command } from "commander";
import { type AdminReadOptions, adminReadCommand, answerAdmin } from "../admin-command.ts";
import { exitCode } from "../exit-code.ts";
import { type Style, renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type ListOptions = AdminReadOptions & { readonly expired?: boolean };

/** `catalyst token list`: what was signed for clients; never a token's text, which nobody keeps. */
export function tokenListCommand(terminal: Terminal): Command {
  return adminReadCommand("list", "list the service tokens that were signed and have not expired, the newest first")
    .option("--expired", "list also those that expired within the last day")
    .action(async (options: ListOptions) => {
      const { tokenColumns, tokenItem } = await import("../views/token.ts");
      await answerAdmin(terminal, options, async (client) => {
        const { tokens } = await client.listTokens({ expired: options.expired ?? false });
        const items = tokens.map((token) => tokenItem(token, new Date()));
        const text = (style: Style): string => renderTable(tokenColumns, items, style);
        return { kind: "TokenList", items, text, exit: exitCode.ok };
      });
    });
}
