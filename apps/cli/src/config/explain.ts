import { type KeyDescription, explainKey } from "@catalyst-node/core/config";
import { exitCode } from "../exit-code.ts";
import { type OutputForm, jsonDocument } from "../output.ts";
import { printProblems } from "../print-problems.ts";
import { renderFields, renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** Explains one key in full, or lists the keys beneath an object. */
export function explainConfig(path: string, terminal: Terminal, { output }: { readonly output: OutputForm }): void {
  const keys = explainKey(path);
  if ("code" in keys) {
    printProblems(terminal, [keys]);
    terminal.exitWith(exitCode.usage);
    return;
  }
  if (output === "json") terminal.stdout(jsonDocument("ConfigKey", keys));
  else if (keys.length === 1) terminal.stdout(keys.map(detail).join("\n"));
  else terminal.stdout(renderTable(columns, keys, { wide: output === "wide", color: terminal.color ?? false }));
}

const columns = [
  { title: "KEY", text: ({ key }: KeyDescription) => key },
  { title: "TYPE", text: ({ type }: KeyDescription) => type },
  { title: "DEFAULT", text: fallback },
  { title: "DESCRIPTION", text: ({ description }: KeyDescription) => description },
];

function detail(key: KeyDescription): string {
  return renderFields([
    ["Key", key.key],
    ["Description", key.description],
    ["Type", key.type],
    ["Default", fallback(key)],
    ["Flag", key.flag],
    ["Variable", key.variable],
    ["Example", key.example],
  ]);
}

function fallback({ default: value, required }: KeyDescription): string {
  return value === undefined ? (required ? "required" : "none") : String(value);
}
