import type { Problem } from "@catalyst-node/core/model";
import { gatewayProblem } from "./problems.ts";

/** What a gateway has, of all that it needs to answer clients. */
type Held = {
  readonly isStopping: boolean;
  readonly hasIdentity: boolean;
  readonly hasSchema: boolean;
  readonly hasEndpoints: boolean;
  /** Nobody can be let in. */
  readonly lacksKey: boolean;
};

/** Why it is not ready; empty when it is. */
export function notReadyReasons({
  isStopping,
  hasIdentity,
  hasSchema,
  hasEndpoints,
  lacksKey,
}: Held): readonly Problem[] {
  return [
    ...(isStopping ? [gatewayProblem("CAT-GATEWAY-004")] : []),
    ...(hasIdentity ? [] : [gatewayProblem("CAT-GATEWAY-001", "identity")]),
    ...(hasSchema ? [] : [gatewayProblem("CAT-GATEWAY-002", "schema")]),
    ...(hasEndpoints ? [] : [gatewayProblem("CAT-GATEWAY-003", "endpoints")]),
    ...(lacksKey ? [gatewayProblem("CAT-GATEWAY-005", "trust")] : []),
  ];
}
