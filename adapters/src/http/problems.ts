import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What can go wrong with the GraphQL listener: code -> cause and mend. */
export const httpProblems = {
  "CAT-HTTP-001": {
    cause: "The GraphQL listener's address is in use, or may not be bound.",
    mend: "Stop the other process or choose another address; port 0 takes a free one.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** A problem of the listener, told with its mend. */
export function httpProblem(code: keyof typeof httpProblems, path: string, what: string): Problem {
  return { code, path, message: `${what}. ${httpProblems[code].mend}` };
}

/**
 * `extensions.code` of the errors that the gateway itself answers before an operation is executed. Clients may branch on
 * these; the executor's own stand in core/execution.
 */
export const requestErrors = {
  NOT_READY: "The gateway waits for its configuration, or is stopping. Try again later.",
  OVERLOADED: "Too many requests are in flight, or the gateway is late with all it does. Try again later.",
  UNAUTHENTICATED: "A valid token is needed: `Authorization: Bearer` and a service token of this node.",
  BAD_REQUEST: "The request is not a GraphQL request.",
  FOREIGN_HOST: "In dev mode a gateway on a loopback address answers to loopback names only.",
  REQUEST_ENTITY_TOO_LARGE: "The request's body is longer than gateway.limits.maxBody allows.",
  METHOD_NOT_ALLOWED: "Operations are sent by POST; by GET only queries, and only where gateway.queriesByGet is on.",
  UNSUPPORTED_MEDIA_TYPE: "Only application/json without content encoding is read.",
  REQUEST_TIMEOUT: "The request did not arrive in time.",
  REQUEST_HEADER_FIELDS_TOO_LARGE: "The request's head is longer than 16 KiB.",
  NOT_FOUND: "Nothing is served at this path.",
  NESTING_LIMIT_EXCEEDED:
    "Objects and lists of the request's JSON, or of a document's values, are nested deeper than gateway.limits.maxNesting allows.",
  TOKEN_LIMIT_EXCEEDED: "The document has more tokens than gateway.limits.maxTokens allows.",
  FIELD_LIMIT_EXCEEDED:
    "With its fragments written out the operation has more fields than gateway.limits.maxFields allows.",
  DEPTH_LIMIT_EXCEEDED: "Fields are nested deeper than gateway.limits.maxDepth allows.",
  ALIAS_LIMIT_EXCEEDED: "The operation has more aliases than gateway.limits.maxAliases allows.",
  DIRECTIVE_LIMIT_EXCEEDED: "The operation has more directives than gateway.limits.maxDirectives allows.",
  ROOT_FIELD_LIMIT_EXCEEDED: "The operation has more root fields than gateway.limits.maxRootFields allows.",
  COST_LIMIT_EXCEEDED: "The operation may cost more than gateway.limits.maxCost allows (docs/limits.md).",
  PERSISTED_QUERY_NOT_SUPPORTED:
    "An operation is asked for by its id, and gateway.persistedOperations.mode is off. Clients send its text instead.",
  PERSISTED_OPERATION_NOT_FOUND:
    "No operation of the manifest has the id. None is ever registered by a client that sends it.",
  PERSISTED_OPERATION_REQUIRED:
    "Only operations of the manifest are answered (gateway.persistedOperations.mode is only).",
  GRAPHQL_PARSE_FAILED: "The document is not GraphQL.",
  GRAPHQL_VALIDATION_FAILED: "The document does not fit the schema.",
  OPERATION_RESOLUTION_FAILURE:
    "operationName names no operation of the document, or is missing where there are several.",
  FOREIGN_ORIGIN: "A WebSocket is opened by programs, and by web pages of the gateway's own host.",
  SUBSCRIPTION_EXPIRED: "The subscription has run for an hour, or its schema is too old. Subscribe again.",
  TOKEN_EXPIRED: "The token that this was asked with is valid no more. Ask again, with another.",
  GATEWAY_STOPPING: "The gateway stops. Subscribe again, at another one or after its restart.",
  DEADLINE_EXCEEDED: "The request took longer than its deadline.",
  INTERNAL_SERVER_ERROR: "The gateway is at fault; its log says more under the request's id.",
} as const satisfies Readonly<Record<string, string>>;

export type RequestErrorCode = keyof typeof requestErrors;
