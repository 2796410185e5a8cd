import type { NodeConfig } from "../config/index.ts";
import type { Manifest, Problem } from "../model/index.ts";
import type { Attempt } from "../supergraph/index.ts";
import type { GatewayStatus, Listener, Revision, SectionResult } from "./gateway-status.ts";
import type { Learned, SchemaSource, Self } from "./state.ts";
import type { TimerId } from "./effects.ts";

/** Everything that can happen to a node. The time of each comes beside it. */
export type Event =
  /** The first of all: the configuration, who runs, and what was learned before. */
  | {
      readonly kind: "configured";
      readonly config: NodeConfig;
      readonly self: Self;
      readonly learned: Learned;
      /** Default: there are no registered operations. */
      readonly manifest?: Manifest;
    }
  /** The file of registered operations has changed. */
  | { readonly kind: "manifestRead"; readonly manifest: Manifest }
  /** It has changed to what cannot be used. */
  | { readonly kind: "manifestRefused"; readonly problems: readonly Problem[] }
  /** The node's own addresses are bound. */
  | { readonly kind: "listening"; readonly listeners: readonly Listener[] }
  | { readonly kind: "sdlFetched"; readonly service: string; readonly schema: FetchedSchema }
  | { readonly kind: "sdlFailed"; readonly service: string; readonly problem: Problem }
  | { readonly kind: "refreshRequested"; readonly services: readonly string[] }
  | { readonly kind: "composed"; readonly ticket: number; readonly attempt: Attempt }
  | { readonly kind: "gatewayStarted"; readonly pid: number; readonly adopted: boolean }
  | { readonly kind: "gatewayNotStarted"; readonly problem: Problem }
  /** `code` when it ended by itself, undefined when a signal ended it. */
  | { readonly kind: "gatewayExited"; readonly pid: number; readonly code: number | undefined }
  | { readonly kind: "gatewayStopped" }
  /** The first word of a new connection. */
  | { readonly kind: "gatewayConnected"; readonly status: GatewayStatus }
  /** A further word of the same connection. */
  | { readonly kind: "gatewayTold"; readonly status: GatewayStatus }
  | { readonly kind: "gatewayLost"; readonly problem: Problem }
  | {
      readonly kind: "gatewayAnswered";
      readonly revision: Revision;
      readonly results: readonly SectionResult[];
      readonly status: GatewayStatus;
    }
  /** No answer to a configuration: the call failed or took too long. */
  | { readonly kind: "gatewayUnanswered"; readonly revision: Revision; readonly problem: Problem }
  | { readonly kind: "timerFired"; readonly id: TimerId }
  | { readonly kind: "stopRequested" };

/** A schema as a service gave it. */
export type FetchedSchema = {
  readonly sdl: string;
  /** In hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly source: SchemaSource;
};
