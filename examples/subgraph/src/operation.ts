import {
  type DocumentNode,
  type GraphQLSchema,
  GraphQLError,
  type OperationDefinitionNode,
  getOperationAST,
  parse,
  validate,
} from "graphql";

/** What a client asked: GraphQL over HTTP's body, checked for its shape only. */
export type Asked = {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
};

export type Prepared =
  | { readonly document: DocumentNode; readonly operation: OperationDefinitionNode }
  | { readonly errors: readonly GraphQLError[] };

/** Parses and validates, and remembers the documents: gateways send few different ones, very often. */
export function preparer(schema: GraphQLSchema): (asked: Asked) => Prepared {
  const known = new Map<string, DocumentNode>();
  return ({ query, operationName }) => {
    const document = known.get(query) ?? check(schema, query);
    if ("errors" in document) return document;
    if (known.size >= maxKnown) known.clear();
    known.set(query, document);
    const operation = getOperationAST(document, operationName);
    return operation
      ? { document, operation }
      : { errors: [new GraphQLError(operationName ? `Unknown operation "${operationName}".` : "Name one operation.")] };
  };
}

const maxKnown = 500;
const maxTokens = 20_000;

function check(schema: GraphQLSchema, query: string): DocumentNode | { readonly errors: readonly GraphQLError[] } {
  try {
    const document = parse(query, { maxTokens });
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors } : document;
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}

/** The body's JSON as a question, or undefined when it is not one. */
export function readAsked(body: string): Asked | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(json) || typeof json["query"] !== "string") return undefined;
  const { query, operationName, variables } = json;
  return {
    query,
    ...(typeof operationName === "string" ? { operationName } : {}),
    ...(isObject(variables) ? { variables } : {}),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
