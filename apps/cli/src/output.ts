import { type Command, Option } from "commander";

/** How a command shows its result. `wide` is the table with every column. */
export type OutputForm = "table" | "wide" | "json";

/** Adds `-o table|wide|json` to a command that answers and ends. */
export function withOutput(command: Command): Command {
  const option = new Option("-o, --output <form>", "how the result is shown");
  return command.addOption(option.choices(["table", "wide", "json"]).default("table"));
}

/** Adds `-o text|json` to a command that keeps running: the form of its one ready line. */
export function withReadyOutput(command: Command): Command {
  const option = new Option("-o, --output <form>", "how the ready line is written to stdout");
  return command.addOption(option.choices(["text", "json"]).default("text"));
}

/** The one JSON document that a command writes; on one line, so that repeated ones are read line by line. */
export function jsonDocument(kind: string, items: readonly unknown[]): string {
  return `${JSON.stringify({ apiVersion: "catalyst/v1", kind, items })}\n`;
}
