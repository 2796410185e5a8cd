export {
  type Listen,
  type RpcAddress,
  longestSocketPath,
  parseListen,
  parseRpcAddress,
  serviceUrlProblem,
  socketPathExcess,
} from "./addresses.ts";
export {
  defaultGatewayLimits,
  defaultLimits,
  defaultUpstreamLimits,
  type GatewayLimits,
  gatewayLimitRanges,
  type Limits,
  type UpstreamLimits,
  upstreamLimitRanges,
} from "./gateway-limits.ts";
export { type Identity, type NodeId, type RouteKey, dnsLabelPattern, isDnsLabel, nodeId, routeKey } from "./names.ts";
export {
  type Manifest,
  manifestBounds,
  noManifest,
  noPersistedOperations,
  type PersistedMode,
  type PersistedOperation,
  persistedOperations,
  type PersistedOperations,
} from "./persisted-operations.ts";
export { ownMember } from "./own-member.ts";
export { quote } from "./quote.ts";
export { type Problem, type ProblemCode, type Result, fail, formatProblem, ok } from "./problem.ts";
export {
  durationPattern,
  formatDuration,
  formatSize,
  longestDuration,
  parseDuration,
  parseSize,
  sizePattern,
} from "./quantities.ts";
export { Roster, type Seated } from "./roster.ts";
export { type UpstreamCounters } from "./upstream-counters.ts";
export { countWorkers, maxWorkers, parseWorkers, type Workers, workersPattern } from "./workers.ts";
