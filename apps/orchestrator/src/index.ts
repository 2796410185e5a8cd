export type { OrchestratorOptions } from "./options.ts";
export { runOrchestrator } from "./run.ts";
