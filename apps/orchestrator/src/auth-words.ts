import { authV1, gatewayV1 } from "@catalyst-node/adapters/rpc";
import type { AuthKey, TrustSection } from "@catalyst-node/core/node";

/** The words of the model for the enums of the contract, and back by search. */
export const keyStateOf: Readonly<Record<AuthKey["state"], authV1.Key_State>> = {
  prepared: authV1.Key_State.PREPARED,
  active: authV1.Key_State.ACTIVE,
  retiring: authV1.Key_State.RETIRING,
};
export const keyStates = ["prepared", "active", "retiring"] as const;

export const trustModeOf: Readonly<Record<TrustSection["mode"], gatewayV1.TrustSection_Mode>> = {
  off: gatewayV1.TrustSection_Mode.OFF,
  optional: gatewayV1.TrustSection_Mode.OPTIONAL,
  required: gatewayV1.TrustSection_Mode.REQUIRED,
};
