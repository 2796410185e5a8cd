import { GraphQLError } from "graphql";
import { requestErrors, type RequestErrorCode } from "./problems.ts";

/** An error of ours as an answer has it. From 500 on the status holds for every media type. */
export function requestError(
  code: RequestErrorCode,
  status = 200,
  message: string = requestErrors[code],
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status, spec: status < 500 } } });
}

/** For an operation of one whose token was taken, and holds no more. In whichever media type it is told. */
export function unauthenticated(): GraphQLError {
  const headers = { "www-authenticate": 'Bearer error="invalid_token"' };
  return new GraphQLError(requestErrors.UNAUTHENTICATED, {
    extensions: { code: "UNAUTHENTICATED" satisfies RequestErrorCode, http: { status: 401, headers } },
  });
}
