import type { NodeConfig } from "@catalyst-node/core/config";

/** All that a node's control plane is told by whoever starts it. */
export type OrchestratorOptions = {
  readonly config: NodeConfig;
  /** What starts an embedded gateway, up to and without `gateway`: a program and its first arguments. */
  readonly catalyst: readonly [program: string, ...args: string[]];
  /** The form of the ready line. */
  readonly output: "text" | "json";
  /** For the ready line alone. */
  readonly stdout: (text: string) => void;
  /** For what hinders the start; everything later is logged. */
  readonly stderr: (text: string) => void;
};
