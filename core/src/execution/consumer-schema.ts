import {
  buildSchema,
  type DefinitionNode,
  type DocumentNode,
  GraphQLSchema,
  isInterfaceType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  Kind,
  type NamedTypeNode,
  specifiedDirectives,
  validateSchema,
} from "graphql";
// Behind its front, because `buildASTSchema` can be done only in one go.
import { extendSchemaImpl } from "graphql/utilities/extendSchema.js";
import { fail, ok, type Result } from "../model/index.ts";
import { readLiteral } from "./number-literals.ts";
import { parseInSteps } from "./parse-in-steps.ts";

type SchemaConfig = ReturnType<GraphQLSchema["toConfig"]>;

/**
 * Builds the schema that clients see, from the planner's SDL of it. That SDL spells out the
 * introspection system and the built-in directives (one of them wrongly placed); those are
 * graphql-js's own here, so they are left out.
 *
 * In steps, each well below a millisecond: a large schema takes 100 ms and more, and whoever serves
 * requests meanwhile takes a turn between two steps.
 */
export function* consumerSchema(sdl: string): Generator<undefined, Result<GraphQLSchema>> {
  try {
    const told = yield* parseInSteps(sdl);
    const definitions = withoutHidden(told.filter((definition) => !isBuiltIn(definition)).map(withoutMetaFields));
    const schema = yield* buildInSteps({ kind: Kind.DOCUMENT, definitions });
    const messages = yield* validateInSteps(schema);
    if (messages.length === 0) return ok(schema);
    return fail(...messages.map((message) => ({ code: "CAT-EXEC-001", path: "", message }) as const));
  } catch (error) {
    return fail({ code: "CAT-EXEC-001", path: "", message: error instanceof Error ? error.message : String(error) });
  }
}

/** What a gateway serves that has no services: valid, and empty but for one field that answers null. */
export function emptySchema(): GraphQLSchema {
  return buildSchema("type Query { _catalyst: String }");
}

/** What `buildASTSchema` does, but each type's fields are made in a step of their own. */
function* buildInSteps(document: DocumentNode): Generator<undefined, GraphQLSchema> {
  const config = extendSchemaImpl(nothing, document, { assumeValidSDL: true });
  yield;
  for (const type of config.types) {
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) type.getFields();
    if (isObjectType(type) || isInterfaceType(type)) type.getInterfaces();
    if (isUnionType(type)) type.getTypes();
    yield;
  }
  // After the fields: introspection has no way to tell a default of which digits were kept.
  for (const type of config.types) {
    if (isScalarType(type) && !isSpecifiedScalarType(type)) type.parseLiteral = readLiteral;
  }
  const root = (name: string) => config.types.filter(isObjectType).find((type) => type.name === name);
  const roots = config.astNode
    ? { query: config.query, mutation: config.mutation, subscription: config.subscription }
    : { query: root("Query"), mutation: root("Mutation"), subscription: root("Subscription") };
  const directives = [...config.directives, ...specifiedDirectives];
  // It is validated below, in steps; nobody needs to do that again.
  const schema = new GraphQLSchema({ ...config, ...roots, directives, assumeValid: true });
  yield;
  return schema;
}

const nothing: SchemaConfig = {
  description: undefined,
  query: undefined,
  mutation: undefined,
  subscription: undefined,
  types: [],
  directives: [],
  extensions: {},
  astNode: undefined,
  extensionASTNodes: [],
  assumeValid: false,
};

/** How many types are validated in one step. */
const typesInStep = 20;

/** `validateSchema` looks at every type that the schema shows; here it is shown a few at a time. */
function* validateInSteps(schema: GraphQLSchema): Generator<undefined, readonly string[]> {
  const types = Object.entries(schema.getTypeMap());
  const messages = new Set<string>();
  for (let start = 0; start < types.length; start += typesInStep) {
    const shown = Object.fromEntries(types.slice(start, start + typesInStep));
    const view: GraphQLSchema = Object.create(schema, {
      __validationErrors: { value: undefined, writable: true },
      getTypeMap: { value: () => shown },
    });
    for (const { message } of validateSchema(view)) messages.add(message);
    yield;
  }
  return [...messages];
}

/** The planner leaves inaccessible types out, but not out of the unions and the implementing types that name them. */
function withoutHidden(definitions: readonly DefinitionNode[]): readonly DefinitionNode[] {
  const names = new Set(definitions.flatMap((node) => ("name" in node && node.name ? [node.name.value] : [])));
  const isThere = ({ name }: NamedTypeNode): boolean => names.has(name.value);
  return definitions.map((node) => {
    if (node.kind === Kind.UNION_TYPE_DEFINITION) return { ...node, types: (node.types ?? []).filter(isThere) };
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) return node;
    return { ...node, interfaces: (node.interfaces ?? []).filter(isThere) };
  });
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
