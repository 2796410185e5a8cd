import {
  type ASTNode,
  buildASTSchema,
  concatAST,
  type DocumentNode,
  execute,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  validate,
  visit,
} from "graphql";

export type Row = Record<string, unknown>;
/** `Type.field` -> what it answers for its parent; the same functions serve the plain schema and every subgraph. */
export type Resolvers = Readonly<Record<string, (parent: Row, args: Row) => unknown>>;
/** Type -> the row that a representation stands for, or null. */
export type Entities = Readonly<Record<string, (representation: Row) => Row | null>>;

const federationDirectives = [
  "authenticated",
  "composeDirective",
  "extends",
  "external",
  "inaccessible",
  "interfaceObject",
  "key",
  "override",
  "policy",
  "provides",
  "requires",
  "requiresScopes",
  "shareable",
  "tag",
];
const imports = federationDirectives.map((name) => `"@${name}"`).join(", ");
const federationLink = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;

export function federated(sdl: string): DocumentNode {
  return parse(`${federationLink}\n${sdl}`);
}

export type GraphQLBody = { readonly query: string; readonly variables?: Row };

/** A subgraph as a program: its schema, its part of the resolvers, and `_entities`. */
export function subgraph(
  sdl: string,
  resolvers: Resolvers,
  entities: Entities,
): (body: GraphQLBody) => Promise<unknown> {
  const schema: GraphQLSchema = resolvable(buildASTSchema(withEntities(federated(sdl)), { assumeValidSDL: true }), {
    ...resolvers,
    "Query._entities": (_, { representations }) =>
      asRows(representations).map((row) => resolveEntity(row, entities, schema)),
  });
  return async ({ query, variables }) => {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    return JSON.parse(
      JSON.stringify(await execute({ schema, document, rootValue: {}, variableValues: variables ?? {} })),
    );
  };
}

function asRows(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value : [];
}

function resolveEntity(representation: Row, entities: Entities, schema: GraphQLSchema): Row | null {
  const name = String(representation["__typename"]);
  const found = entities[name]?.(representation);
  const own = isInterfaceType(schema.getType(name)) ? found?.["__typename"] : name;
  return found ? { ...found, ...representation, __typename: own } : null;
}

/** Gives a schema its resolvers; what has none is read from the parent. Types of rows are in `__typename`. */
export function resolvable(schema: GraphQLSchema, resolvers: Resolvers): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (row: Row) => String(row["__typename"]);
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const resolver = resolvers[`${type.name}.${field.name}`];
      const read: GraphQLFieldResolver<Row, unknown> = (parent, args: Row) =>
        resolver ? resolver(parent, args) : parent[field.name];
      field.resolve = read;
    }
  }
  return schema;
}

function withEntities(document: DocumentNode): DocumentNode {
  // What federation extends need not be there.
  const whole: DocumentNode = visit(document, {
    ObjectTypeExtension: (node): ASTNode => Object.assign({}, node, { kind: Kind.OBJECT_TYPE_DEFINITION }),
  });
  const entityTypes = whole.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some(({ name }) => name.value === "key")
      ? [node.name.value]
      : [],
  );
  const bare = visit(whole, { SchemaExtension: () => null, Directive: () => null, DirectiveDefinition: () => null });
  const hasQuery = whole.definitions.some((node) => "name" in node && node.name?.value === "Query");
  const added = parse(
    entityTypes.length === 0
      ? "scalar _Any"
      : `scalar _Any union _Entity = ${entityTypes.join(" | ")}
         type _Meta { _entities(representations: [_Any!]!): [_Entity]! }`,
  );
  const entityField = added.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION ? (node.fields ?? []) : [],
  );
  const definitions = concatAST([
    bare,
    added,
    parse(hasQuery ? "scalar _Unused" : "type Query { _unused: Int }"),
  ]).definitions;
  return {
    kind: Kind.DOCUMENT,
    definitions: definitions.map((node) =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === "Query"
        ? Object.assign({}, node, { fields: [...(node.fields ?? []), ...entityField] })
        : node,
    ),
  };
}
