import { Command } from "commander";
import type { Terminal } from "../terminal.ts";
import { keysJwksCommand } from "./keys-jwks.ts";
import { keysListCommand } from "./keys-list.ts";
import { keysRotateCommand } from "./keys-rotate.ts";

/** `catalyst keys`: the keys that the node signs with. */
export function keysCommand(terminal: Terminal): Command {
  return new Command("keys")
    .description("list, rotate and publish the keys that the node signs with")
    .addCommand(keysListCommand(terminal))
    .addCommand(keysRotateCommand(terminal))
    .addCommand(keysJwksCommand(terminal));
}
