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
