import type { ServiceConfig } from "../config/index.ts";
import type { Problem } from "../model/index.ts";
import type { Subgraph } from "../supergraph/index.ts";
import type { Sections } from "./desired.ts";
import type { Revision } from "./gateway-status.ts";
import type { SidecarName } from "./sidecars.ts";
import type { Learned } from "./state.ts";

/** Everything that a node does to the world, as data. What answers, answers by an event. */
export type Effect =
  /** Answers sdlFetched or sdlFailed, within the service's own deadline. */
  | { readonly kind: "fetchSdl"; readonly service: ServiceConfig }
  /** Answers composed with the same ticket. A later one ends an earlier one. */
  | {
      readonly kind: "compose";
      readonly ticket: number;
      readonly subgraphs: readonly Subgraph[];
      readonly timeoutMs: number;
    }
  /** Answers gatewayAnswered or gatewayUnanswered. Only the sections given are sent. */
  | { readonly kind: "configureGateway"; readonly revision: Revision; readonly sections: Partial<Sections> }
  /** Adopts the sidecar that lives on its socket, or starts one. Answers sidecarStarted or sidecarNotStarted. */
  | { readonly kind: "startSidecar"; readonly sidecar: SidecarName }
  /** Ends the embedded sidecar at once, adopted or not: it does not answer. Its end is told as any other. */
  | { readonly kind: "killSidecar"; readonly sidecar: SidecarName }
  /** Ends the embedded sidecar, adopted or not. Answers sidecarStopped. */
  | { readonly kind: "stopSidecar"; readonly sidecar: SidecarName }
  /** Keeps what was learned, for the next start. */
  | { readonly kind: "persist"; readonly learned: Learned }
  /** Fires timerFired after `ms`, or up to the part `spread` (0 to 1) of it earlier, by chance. The same id replaces. */
  | { readonly kind: "startTimer"; readonly id: TimerId; readonly ms: number; readonly spread: number }
  | { readonly kind: "cancelTimer"; readonly id: TimerId }
  /** For the log and whoever watches the node's events. */
  | {
      readonly kind: "tell";
      readonly level: "info" | "warn" | "error";
      /** "service.quarantined", "gateway.configured" ... */
      readonly event: string;
      readonly subject: string;
      readonly message: string;
    }
  /** Once: the gateway acknowledged the first configuration of what could be had. */
  | { readonly kind: "announceReady" }
  /** The last effect: the process ends. */
  | { readonly kind: "finish"; readonly failed: Problem | undefined };

export type TimerId =
  | `fetch:${string}`
  | "settle"
  | "push"
  | "compose"
  | `start:${SidecarName}`
  | `silence:${SidecarName}`;

/** The delay before attempt `failures + 1`: doubled from `first` up to `most`. In milliseconds. */
export function backoff(failures: number, first: number, most: number): number {
  return Math.min(most, first * 2 ** Math.min(Math.max(0, failures - 1), 20));
}
