import type { NodeConfig } from "@catalyst-node/core/config";

/** All that a node's control plane is told by whoever starts it. */
export type OrchestratorOptions = {
  readonly config: NodeConfig;
  /**
   * The configuration with what is known only later: where services listen that are being started. Until it settles
   * only what needs no service is started; undefined gives the start up, with 1. Default: `config`.
   */
  readonly settled?: Promise<NodeConfig | undefined>;
  /** What starts an embedded gateway, up to and without `gateway`: a program and its first arguments. */
  readonly catalyst: readonly [program: string, ...args: string[]];
  /** The form of the ready line. */
  readonly output: "text" | "json";
  /** For the ready line alone. */
  readonly stdout: (text: string) => void;
  /** For what hinders the start; everything later is logged. */
  readonly stderr: (text: string) => void;
};
