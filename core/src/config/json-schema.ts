import { z } from "zod";
import { nodeConfigSchema } from "./schema.ts";

/** The JSON Schema (2020-12) of a configuration file, for editors; a file names it by `$schema`. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, type, properties, ...rest } = z.toJSONSchema(nodeConfigSchema, { io: "input" });
  return {
    $schema,
    title: "Configuration of a Catalyst node",
    type,
    properties: {
      $schema: { type: "string", description: "Where this schema is; for editors, the node ignores it." },
      ...properties,
    },
    ...rest,
  };
}
