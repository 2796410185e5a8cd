import type { IntrospectionQuery } from "graphql";
// These two files need a quarter of graphql-js; its index would load all of it into the orchestrator.
import { buildClientSchema } from "graphql/utilities/buildClientSchema.js";
import { printSchema } from "graphql/utilities/printSchema.js";

/** The SDL that an introspection result describes. Throws when it describes none. */
export function printIntrospection(data: object): string {
  if (!isIntrospection(data)) throw new Error("there is no __schema in it");
  return printSchema(buildClientSchema(data));
}

function isIntrospection(data: object): data is IntrospectionQuery {
  return "__schema" in data && typeof data.__schema === "object" && data.__schema !== null;
}
