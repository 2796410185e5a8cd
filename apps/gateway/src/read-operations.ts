import {
  fail,
  manifestBounds,
  ok,
  type PersistedMode,
  type PersistedOperation,
  type Problem,
  type Result,
} from "@catalyst-node/core/model";
import { gatewayProblem } from "./problems.ts";

/** Which operations clients may ask, as it is sent. */
export type OperationsTold = { readonly mode: PersistedMode; readonly operations: readonly PersistedOperation[] };

/** Reads registered operations; all that is wrong with them at once. Their texts are judged when they are asked for. */
export function readOperations({ mode, operations }: OperationsTold): Result<OperationsTold> {
  const chars = operations.reduce((sum, { id, body }) => sum + id.length + body.length, 0);
  if (operations.length > manifestBounds.operations || chars > manifestBounds.chars)
    return fail(gatewayProblem("CAT-GATEWAY-071", "operations"));
  const ids = new Set<string>();
  const problems: Problem[] = [];
  for (const [index, { id, body }] of operations.entries()) {
    if (id === "" || id.length > manifestBounds.idChars || ids.has(id) || body === "")
      problems.push(gatewayProblem("CAT-GATEWAY-070", `operations.operations[${index}]`));
    ids.add(id);
  }
  return problems.length > 0 ? fail(...problems) : ok({ mode, operations });
}
