import { ok } from "@catalyst-node/core/model";
import { Command } from "commander";
import { exitCode } from "../exit-code.ts";
import { type ReadOptions, answer, readCommand } from "../read-command.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst schema print`: what clients see, or the supergraph that the gateway is given. */
export function schemaCommand(terminal: Terminal): Command {
  return new Command("schema").description("read the composed schema").addCommand(
    readCommand("print", "print the schema that clients see, in GraphQL's schema language")
      .option("--supergraph", "print the supergraph that the gateway serves instead")
      .action((options: ReadOptions & { readonly supergraph?: boolean }) => printSchema(terminal, options)),
  );
}

function printSchema(terminal: Terminal, options: ReadOptions & { readonly supergraph?: boolean }): Promise<void> {
  return answer(terminal, options, async (client) => {
    const { apiSdl, supergraphSdl, digest } = await client.getSchema({});
    const sdl = options.supergraph ? supergraphSdl : apiSdl;
    return ok({
      kind: "Schema",
      items: [{ digest, sdl }],
      text: () => (sdl === "" || sdl.endsWith("\n") ? sdl : `${sdl}\n`),
      exit: exitCode.ok,
    });
  });
}
