import { GraphQLError } from "graphql";
import { ownMember, type PersistedOperations } from "@catalyst-node/core/model";
import { requestErrors } from "./problems.ts";

/** How a client says what it asks. As it came: nothing of it has been checked. */
export type Asking = {
  readonly query?: unknown;
  /** GraphQL over HTTP's way to name a registered operation. */
  readonly documentId?: unknown;
  /** Apollo clients' way: `extensions.persistedQuery.sha256Hash`. */
  readonly extensions?: unknown;
};

/**
 * The text that a request means: its own, or that of the operation whose id it tells. Or why it gets none. Undefined when
 * it tells neither. A text beats an id, and is never registered by being sent.
 */
export function operationText(asking: Asking, operations: PersistedOperations): string | GraphQLError | undefined {
  const { query } = asking;
  if (typeof query === "string" && query !== "") {
    const isRefused = operations.mode === "only" && !operations.isRegistered(query);
    return isRefused ? refusal("PERSISTED_OPERATION_REQUIRED", false) : query;
  }
  if (query !== undefined && query !== null && query !== "") return undefined;
  const id = operationId(asking);
  if (id === undefined) return undefined;
  if (operations.mode === "off") return refusal("PERSISTED_QUERY_NOT_SUPPORTED", true, "PersistedQueryNotSupported");
  return operations.textOf(id) ?? refusal("PERSISTED_OPERATION_NOT_FOUND", true, "PersistedQueryNotFound");
}

/** The id of a registered operation, if a request tells one. */
function operationId({ documentId, extensions }: Asking): string | undefined {
  if (typeof documentId === "string") return documentId;
  const persisted = ownMember(extensions, "persistedQuery");
  const hash = ownMember(persisted, "sha256Hash");
  return typeof hash === "string" ? hash : undefined;
}

type RefusalCode = "PERSISTED_OPERATION_REQUIRED" | "PERSISTED_QUERY_NOT_SUPPORTED" | "PERSISTED_OPERATION_NOT_FOUND";

/** Clients that know how to go on tell by the message: they send the text next, or ids no more. */
function refusal(code: RefusalCode, spec: boolean, message: string = requestErrors[code]): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status: 400, spec } } });
}
