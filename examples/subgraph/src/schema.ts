import {
  type DocumentNode,
  type GraphQLSchema,
  GraphQLError,
  Kind,
  buildASTSchema,
  concatAST,
  isObjectType,
  parse,
} from "graphql";

/**
 * `resolvers.Type.field`. The SDL decides what a field is given, so each resolver names the types itself (methods'
 * parameters are compared bivariantly, which is what lets it).
 */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver["resolve"]>>>>;
type Resolver = { resolve(source: unknown, args: unknown): unknown };

/** By type with `@key`: from a representation (its key fields) to the entity; null when there is none. */
export type EntityResolvers = Readonly<Record<string, EntityResolver["resolve"]>>;
type EntityResolver = { resolve(representation: unknown): unknown };

type Representation = { readonly __typename: string };

const federationDirectives = parse(`
  directive @link(url: String!, import: [String!]) repeatable on SCHEMA
  directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
  directive @external on FIELD_DEFINITION | OBJECT
  directive @requires(fields: String!) on FIELD_DEFINITION
  directive @provides(fields: String!) on FIELD_DEFINITION
  directive @shareable repeatable on FIELD_DEFINITION | OBJECT
`);

/**
 * An executable Federation 2 subgraph: the SDL with `_service` and, when there are entities, `_entities`
 * (Apollo Federation subgraph specification). Written out, because the usual library for it is not open source.
 * Throws when the SDL is invalid or a resolver names a field that it has not.
 */
export function subgraphSchema(sdl: string, resolvers: Resolvers, entities: EntityResolvers): GraphQLSchema {
  const own = parse(sdl);
  const schema = buildASTSchema(concatAST([federationDirectives, own, machinery(own, Object.keys(entities))]));
  attach(schema, resolvers);
  attach(schema, { Query: { _service: () => ({ sdl }) } });
  if (Object.keys(entities).length > 0) {
    attach(schema, {
      Query: {
        _entities: (_: unknown, { representations }: { readonly representations: readonly Representation[] }) =>
          representations.map((representation) => entity(entities, representation)),
      },
    });
  }
  return schema;
}

function machinery(own: DocumentNode, entities: readonly string[]): DocumentNode {
  const hasQuery = own.definitions.some(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === "Query",
  );
  const byReference = "_entities(representations: [_Any!]!): [_Entity]!";
  return parse(`
    ${entities.length > 0 ? `scalar _Any union _Entity = ${entities.join(" | ")}` : ""}
    type _Service { sdl: String! }
    ${hasQuery ? "extend" : ""} type Query { _service: _Service! ${entities.length > 0 ? byReference : ""} }
  `);
}

/** Async, so that one bad representation is one error and one null, and the others are answered. */
async function entity(entities: EntityResolvers, representation: Representation): Promise<unknown> {
  const name = representation.__typename;
  const resolve = Object.hasOwn(entities, name) ? entities[name] : undefined;
  if (!resolve) throw new GraphQLError(`"${name}" is not an entity of this service.`);
  const found = await resolve(representation);
  return found === null || found === undefined ? null : { ...found, __typename: name };
}

function attach(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    for (const [name, resolve] of Object.entries(fields)) {
      const field = isObjectType(type) ? type.getFields()[name] : undefined;
      if (!field) throw new Error(`The SDL has no field ${typeName}.${name}.`);
      // A subscription's resolver makes the stream of events; each event is then resolved by its field name.
      if (type === schema.getSubscriptionType()) field.subscribe = resolve;
      else field.resolve = resolve;
    }
  }
}
