export type { EndpointTable } from "./endpoints.ts";
export { createSdlFetcher, type SdlFetcher } from "./sdl-fetch.ts";
export { serviceProblems } from "./sdl-problems.ts";
export { createServicePort, type HttpServicePort, type ServicePortOptions } from "./send.ts";
