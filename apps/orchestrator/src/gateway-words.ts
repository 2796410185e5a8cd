import { gatewayV1 } from "@catalyst-node/adapters/rpc";
import type { SectionName } from "@catalyst-node/core/node";

/** The words of the model for the enums of the contract, and back by search. */
export const sectionOf: Readonly<Record<SectionName, gatewayV1.Section>> = {
  identity: gatewayV1.Section.IDENTITY,
  schema: gatewayV1.Section.SCHEMA,
  endpoints: gatewayV1.Section.ENDPOINTS,
  limits: gatewayV1.Section.LIMITS,
  operations: gatewayV1.Section.OPERATIONS,
  trust: gatewayV1.Section.TRUST,
};
export const sectionNames = ["identity", "schema", "endpoints", "limits", "operations", "trust"] as const;
export const stateOf = {
  unconfigured: gatewayV1.GatewayStatus_State.UNCONFIGURED,
  ready: gatewayV1.GatewayStatus_State.READY,
  stopping: gatewayV1.GatewayStatus_State.STOPPING,
} as const;

export const operationsModeOf = {
  off: gatewayV1.OperationsSection_Mode.OFF,
  prefer: gatewayV1.OperationsSection_Mode.PREFER,
  only: gatewayV1.OperationsSection_Mode.ONLY,
} as const;

export const workerStates = ["starting", "serving", "waiting"] as const;
export const workerStateOf = {
  starting: gatewayV1.WorkerStatus_State.STARTING,
  serving: gatewayV1.WorkerStatus_State.SERVING,
  waiting: gatewayV1.WorkerStatus_State.WAITING,
} as const;
