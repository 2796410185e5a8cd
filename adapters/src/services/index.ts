export type { BreakerState, BreakerStatus } from "./breaker.ts";
export type { Endpoint, EndpointTable } from "./endpoints.ts";
export { createServicePort, type HttpServicePort, type ServicePortOptions } from "./send.ts";
export {
  createServiceSubscriptions,
  type ServiceSubscriptions,
  type ServiceSubscriptionsOptions,
} from "./subscribe.ts";
