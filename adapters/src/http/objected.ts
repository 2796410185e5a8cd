import { GraphQLError } from "graphql";
import { requestErrors, type RequestErrorCode } from "./problems.ts";
import { limitCodes, type Objection } from "@catalyst-node/core/execution";

/** As GraphQL over HTTP has it: the request is at fault, in whichever media type it is told so. */
const badRequest = { spec: true, status: 400 } as const;

/** A limit that was exceeded, as clients are told. */
export function objected({ problem, clientCode, node }: Objection): GraphQLError {
  const extensions = { code: clientCode, problem: problem.code, http: badRequest };
  return new GraphQLError(problem.message, { ...(node && { nodes: [node] }), extensions });
}

/** What the parser objects to. */
export function parseFailed({ message, source, positions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    source,
    positions,
    extensions: { code: "GRAPHQL_PARSE_FAILED", http: badRequest },
  });
}

/** A request whose JSON nobody should have to walk through. */
export function tooDeep(): GraphQLError {
  return new GraphQLError(requestErrors.NESTING_LIMIT_EXCEEDED, {
    extensions: { code: "NESTING_LIMIT_EXCEEDED", http: { status: 400 } },
  });
}

const codes: ReadonlySet<unknown> = new Set([
  ...Object.values(limitCodes),
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "PERSISTED_OPERATION_NOT_FOUND",
  "PERSISTED_OPERATION_REQUIRED",
] satisfies readonly RequestErrorCode[]);

/** Whether an error's code says that a limit, or what is registered, turned the request away. */
export function isRefusalCode(code: unknown): code is RequestErrorCode {
  return codes.has(code);
}
