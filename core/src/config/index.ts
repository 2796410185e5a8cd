export {
  type Listen,
  type RpcAddress,
  longestSocketPath,
  parseListen,
  parseRpcAddress,
  socketPathExcess,
} from "./addresses.ts";
export { type Origin, formatOrigin } from "./origin.ts";
export { formatDuration, formatSize, parseDuration, parseSize } from "./quantities.ts";
export { type ConfigFile, type NodeConfig, type ServiceConfig } from "./schema.ts";
