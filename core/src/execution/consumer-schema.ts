import {
  buildASTSchema,
  buildSchema,
  type DefinitionNode,
  type GraphQLSchema,
  Kind,
  parse,
  validateSchema,
} from "graphql";
import { fail, ok, type Result } from "../model/index.ts";

/**
 * Builds the schema that clients see, from the planner's SDL of it. That SDL spells out the
 * introspection system and the built-in directives (one of them wrongly placed); those are
 * graphql-js's own here, so they are left out.
 */
export function consumerSchema(sdl: string): Result<GraphQLSchema> {
  try {
    const definitions = parse(sdl, { noLocation: true })
      .definitions.filter((node) => !isBuiltIn(node))
      .map(withoutMetaFields);
    const schema = buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValidSDL: true });
    const errors = validateSchema(schema);
    if (errors.length === 0) return ok(schema);
    return fail(...errors.map(({ message }) => ({ code: "CAT-EXEC-001", path: "", message }) as const));
  } catch (error) {
    return fail({ code: "CAT-EXEC-001", path: "", message: error instanceof Error ? error.message : String(error) });
  }
}

/** What a gateway serves that has no services: valid, and empty but for one field that answers null. */
export function emptySchema(): GraphQLSchema {
  return buildSchema("type Query { _catalyst: String }");
}

const builtInScalars = new Set(["Boolean", "Float", "ID", "Int", "String"]);
const builtInDirectives = new Set(["skip", "include", "deprecated", "specifiedBy", "oneOf"]);

function isBuiltIn(node: DefinitionNode): boolean {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return builtInDirectives.has(node.name.value);
  if (node.kind === Kind.SCALAR_TYPE_DEFINITION) return builtInScalars.has(node.name.value);
  return "name" in node && node.name !== undefined && node.name.value.startsWith("__");
}

function withoutMetaFields(node: DefinitionNode): DefinitionNode {
  if (node.kind !== Kind.OBJECT_TYPE_DEFINITION || !node.fields?.some(({ name }) => name.value.startsWith("__")))
    return node;
  return { ...node, fields: node.fields.filter(({ name }) => !name.value.startsWith("__")) };
}
