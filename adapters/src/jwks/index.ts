export { jwksProblems } from "./problems.ts";
export { jwksPath, jwksResponder, type PageRequest, type PageResponse } from "./responder.ts";
export { type JwksServer, serveJwks, type JwksServerOptions } from "./server.ts";
