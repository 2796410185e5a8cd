import { configJsonSchema, configReference, describeFlags } from "@catalyst-node/core/config";

/** What is derived from the configuration's schema: its reference, its JSON Schema, and the flags of the command line. */
export function renderConfig(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/reference/config.md", configReference()],
    ["docs/reference/config.schema.json", json(configJsonSchema())],
    // A file of its own, so that `catalyst version` need not load the schema to know the flags of `catalyst run`.
    ["apps/cli/src/config-flags.json", json(describeFlags())],
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
