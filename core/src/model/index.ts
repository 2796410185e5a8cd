export { type Identity, type NodeId, type RouteKey, dnsLabelPattern, isDnsLabel, nodeId, routeKey } from "./names.ts";
export { type Problem, type ProblemCode, type Result, fail, formatProblem, ok } from "./problem.ts";
