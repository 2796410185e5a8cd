import { parseListen } from "@catalyst-node/core/model";
import { Command, InvalidArgumentError, Option } from "commander";
import { addConfigOptions } from "../config-options.ts";
import { defaultListen, exampleNames } from "../dev/examples.ts";
import { suppliedFlags } from "../dev/supplied.ts";
import { withReadyOutput } from "../output.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst dev`: one whole node with the example services, from one command. */
export function devCommand(terminal: Terminal): Command {
  const command = new Command("dev").description("run a whole node with the example services, to see it work");
  for (const name of exampleNames) {
    const option = new Option(`--${name}-listen <host:port>`, `where the example service ${name} listens`);
    command.addOption(option.argParser(checkListen).default(defaultListen[name]));
  }
  addConfigOptions(withReadyOutput(command));
  // For the help and the reference only: the values themselves come as what the command supplies.
  for (const option of command.options) option.default(suppliedFlags[option.long ?? ""] ?? option.defaultValue);
  return command.action(async (options) => {
    const { runDev } = await import("../dev/run-dev.ts");
    terminal.exitWith(await runDev(command, terminal, options));
  });
}

function checkListen(text: string): string {
  const listen = parseListen(text);
  if (typeof listen === "string") throw new InvalidArgumentError(listen);
  return text;
}
