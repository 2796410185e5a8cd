import { Command } from "commander";
import type { Terminal } from "../terminal.ts";
import { serviceTokenCommand } from "./service-token.ts";
import { tokenInspectCommand } from "./token-inspect.ts";
import { tokenListCommand } from "./token-list.ts";
import { tokenRevokeCommand } from "./token-revoke.ts";
import { tokenVerifyCommand } from "./token-verify.ts";

/** `catalyst token`: everything that is done with tokens. */
export function tokenCommand(terminal: Terminal): Command {
  return new Command("token")
    .description("sign, read, verify, list and take back tokens")
    .addCommand(serviceTokenCommand(terminal, "service"))
    .addCommand(tokenInspectCommand(terminal))
    .addCommand(tokenVerifyCommand(terminal))
    .addCommand(tokenListCommand(terminal))
    .addCommand(tokenRevokeCommand(terminal));
}
