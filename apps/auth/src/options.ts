import type { NodeConfig } from "@catalyst-node/core/config";

/** All that auth is told by whoever starts it: of the node's configuration, what is its own. */
export type AuthOptions = {
  readonly config: Pick<NodeConfig, "organization" | "node" | "stateDir" | "log" | "auth">;
  /** The form of the ready line. */
  readonly output: "text" | "json";
  /** For the ready line alone. */
  readonly stdout: (text: string) => void;
  /** For what hinders the start; everything later is logged. */
  readonly stderr: (text: string) => void;
};
