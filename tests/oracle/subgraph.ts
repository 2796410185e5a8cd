import {
  type ASTNode,
  buildASTSchema,
  type DocumentNode,
  execute,
  extendSchema,
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
import type { ServiceAnswer } from "@catalyst-node/core/execution";
import { federationLink, type Model, subgraphSdl } from "./model.ts";
import { isRow, memberOf, type World } from "./world.ts";

type Args = Readonly<Record<string, unknown>>;

/** What a schema answers for a field of a type. */
export type Resolve = (typeName: string, fieldName: string, parent: unknown, args: Args) => unknown;

/** One subgraph as a program: answers a request's body as a server would, through JSON text. */
export type Service = (body: string) => Promise<ServiceAnswer>;

/** What the composer is given. */
export function federated(model: Model, subgraph: string): DocumentNode {
  return parse(`${federationLink}\n${subgraphSdl(model, subgraph)}`);
}

export function serviceOf(model: Model, subgraph: string, world: World, resolve: Resolve): Service {
  const schema = withResolvers(entitySchema(parse(subgraphSdl(model, subgraph))), (type, field, parent, args) => {
    if (type !== "Query" || field !== "_entities") return resolve(type, field, parent, args);
    return list(args["representations"]).map((representation) => {
      const row = world.entity(representation);
      const isAbstract = row !== null && isInterfaceType(schema.getType(row.__typename));
      return row !== null && isAbstract ? Object.assign(row, { __typename: memberOf(row.uid) }) : row;
    });
  });
  return async (body) => {
    const { query, variables } = JSON.parse(body);
    const document = parse(query);
    const invalid = validate(schema, document);
    if (invalid.length > 0)
      throw new Error(`${subgraph} was sent an invalid operation: ${invalid[0]?.message}\n${query}`);
    const result = await execute({ schema, document, rootValue: {}, variableValues: variables });
    return { kind: "answered", payload: JSON.parse(JSON.stringify(result)) };
  };
}

/** Gives every field its resolver. Abstract types read the type from the row. */
export function withResolvers(schema: GraphQLSchema, resolve: Resolve): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (row: unknown) => (isRow(row) ? row.__typename : undefined);
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const resolver: GraphQLFieldResolver<unknown, unknown, Args> = (parent, args) =>
        resolve(type.name, field.name, parent, args);
      field.resolve = resolver;
    }
  }
  return schema;
}

function list(value: unknown): readonly Args[] {
  return Array.isArray(value) ? value : [];
}

/** The subgraph's own schema: federation's directives gone, `_entities` added. */
export function entitySchema(document: DocumentNode): GraphQLSchema {
  const entities = document.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some(({ name }) => name.value === "key")
      ? [node.name.value]
      : [],
  );
  const bare = visit(document, { Directive: (): ASTNode | null => null });
  const hasQuery = document.definitions.some((node) => "name" in node && node.name?.value === "Query");
  const schema = buildASTSchema(
    {
      kind: Kind.DOCUMENT,
      definitions: [...bare.definitions, ...(hasQuery ? [] : parse("type Query { _unused: Int }").definitions)],
    },
    { assumeValidSDL: true },
  );
  if (entities.length === 0) return schema;
  return extendSchema(
    schema,
    parse(`scalar _Any union _Entity = ${entities.join(" | ")}
      extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`),
  );
}
