import { Command } from "commander";
import { addConfigOptions } from "../config-options.ts";
import { withOutput } from "../output.ts";
import type { Terminal } from "../terminal.ts";

/** `catalyst config`: checks, shows and explains the configuration without starting anything. */
export function configCommand(terminal: Terminal): Command {
  return new Command("config")
    .description("check, show and explain the configuration of a node")
    .addCommand(validateCommand(terminal))
    .addCommand(printCommand(terminal))
    .addCommand(schemaCommand(terminal))
    .addCommand(explainCommand(terminal));
}

function validateCommand(terminal: Terminal): Command {
  const command = new Command("validate").description("tell everything that is wrong with a configuration");
  return addConfigOptions(withOutput(command)).action(async (options) => {
    const { validateConfig } = await import("../config/validate.ts");
    await validateConfig(command, terminal, options);
  });
}

function printCommand(terminal: Terminal): Command {
  const command = new Command("print")
    .description("print the whole configuration, with every default filled in")
    .option("--origins", "print where each value comes from")
    .option("--as-flags", "print the flags that give the same configuration without a file");
  return addConfigOptions(withOutput(command)).action(async (options) => {
    const { printConfig } = await import("../config/print.ts");
    await printConfig(command, terminal, options);
  });
}

function schemaCommand(terminal: Terminal): Command {
  return new Command("schema")
    .description("print the JSON Schema of the configuration file, for editors")
    .action(async () => {
      const { configJsonSchema } = await import("@catalyst-node/core/config");
      terminal.stdout(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
    });
}

function explainCommand(terminal: Terminal): Command {
  const command = new Command("explain")
    .description("explain a key of the configuration, or all of them")
    .argument("[path]", "the key, such as gateway.listen or services[].url; all when left out", "");
  return withOutput(command).action(async (path, options) => {
    const { explainConfig } = await import("../config/explain.ts");
    explainConfig(path, terminal, options);
  });
}
