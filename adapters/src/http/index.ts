export type { Held } from "./admissions.ts";
export type { Asker, Vetting } from "./authenticate.ts";
export { createEndpoint, type EndpointOptions, type GraphqlEndpoint, type Operation } from "./endpoint.ts";
export type { Listen, Pair } from "./listeners.ts";
export { httpProblems, requestErrors, type RequestErrorCode } from "./problems.ts";
export { unauthenticated } from "./request-error.ts";
export { type HttpBackend, type HttpServer, serveHttp } from "./server.ts";
export type { Doors, EndpointSettings } from "./settings.ts";
