export type { EndpointTable } from "./endpoints.ts";
export { createServicePort, type HttpServicePort, type ServicePortOptions } from "./send.ts";
