export { Changes } from "./changes.ts";
export { type DetachedProcess, startDetached } from "./detached.ts";
export { type Ended, endProcess, isRunning } from "./end.ts";
export { processProblems } from "./problems.ts";
export { listenForShutdown, type Shutdown } from "./shutdown.ts";
export { startWorker, workerChannel, type WorkerProcess } from "./workers.ts";
