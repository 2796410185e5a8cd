import { Command } from "commander";
import { type OutputForm, jsonDocument, withOutput } from "../output.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

/** `catalyst version`: what a bug report needs. */
export function versionCommand(terminal: Terminal): Command {
  return withOutput(new Command("version").description("print the version of catalyst and of its runtime")).action(
    ({ output }: { readonly output: OutputForm }) => {
      const item = { version, node: process.versions.node, platform: `${process.platform}-${process.arch}` };
      terminal.stdout(
        output === "json"
          ? jsonDocument("Version", [item])
          : `catalyst ${item.version} (Node ${item.node}, ${item.platform})\n`,
      );
    },
  );
}
