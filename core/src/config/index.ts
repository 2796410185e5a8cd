export {
  type Listen,
  type RpcAddress,
  longestSocketPath,
  parseListen,
  parseRpcAddress,
  socketPathExcess,
} from "./addresses.ts";
export { maxSourceBytes } from "./document.ts";
export { type KeyDescription, explainKey } from "./explain.ts";
export { configJsonSchema } from "./json-schema.ts";
export { type ConfigSources, type LoadedConfig, type SuppliedValues, loadConfig } from "./load.ts";
export { fileVariable } from "./names.ts";
export { type Origin, formatOrigin } from "./origin.ts";
export { splitAssignment } from "./pairs.ts";
export { type ConfigProblem, type ConfigResult, configProblems, problemAt } from "./problems.ts";
export { formatDuration, formatSize, parseDuration, parseSize } from "./quantities.ts";
export { type Environment } from "./read-environment.ts";
export { type FlagInput } from "./read-flags.ts";
export { type FlagDescription, configReference, describeFlags } from "./reference.ts";
export { type ConfigFile, type NodeConfig, type ServiceConfig } from "./schema.ts";
export { toFlags } from "./to-flags.ts";
export { type ConfigValue, toFile } from "./values.ts";
