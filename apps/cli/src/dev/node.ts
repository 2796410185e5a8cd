import type { NodeConfig } from "@catalyst-node/core/config";
import { runOrchestrator } from "@catalyst-node/orchestrator";
import { ownProgram } from "../own-program.ts";
import type { Terminal } from "../terminal.ts";
import { type ReadyProcess, readReady } from "./ready.ts";

/** A node that runs in this process, with its gateway as a process of its own. */
export type StartedNode = {
  /** What listens; undefined when the node ended before it was ready, and `ended` says how. */
  readonly ready: Promise<readonly ReadyProcess[] | undefined>;
  /** Its exit code. */
  readonly ended: Promise<number>;
  readonly stop: () => void;
};

/**
 * Starts a node as `catalyst run -o json` does; its ready line comes to us instead of stdout. `settled`: the
 * configuration with the addresses of services that are started beside it; undefined when they cannot be.
 */
export function startNode(
  config: NodeConfig,
  settled: Promise<NodeConfig | undefined>,
  { stderr }: Pick<Terminal, "stderr">,
): StartedNode {
  const { promise: line, resolve: stdout } = Promise.withResolvers<string>();
  const ended = runOrchestrator({ config, settled, catalyst: ownProgram, output: "json", stdout, stderr });
  return {
    ready: Promise.race([line.then(readReady), ended.then(() => undefined)]),
    ended,
    // It listens for the signal by itself, as every process of ours does.
    stop: () => void process.kill(process.pid, "SIGTERM"),
  };
}
