export type { GatewayOptions } from "./options.ts";
export { gatewayProblems } from "./problems.ts";
export { runGateway } from "./run.ts";
