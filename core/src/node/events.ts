import type { NodeConfig } from "../config/index.ts";
import type { Manifest, Problem } from "../model/index.ts";
import type { Attempt } from "../supergraph/index.ts";
import type { AuthStatus, OwnTrust } from "./auth-status.ts";
import type { GatewayStatus, Listener, Revision, SectionResult } from "./gateway-status.ts";
import type { Learned, SchemaSource, Self } from "./state.ts";
import type { TimerId } from "./effects.ts";
import type { IssuerKeys } from "./issuers.ts";
import type { SidecarName } from "./sidecars.ts";

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
      /** Of the issuers whose keys come from files. Default: no issuer has a key. */
      readonly issuers?: readonly IssuerKeys[];
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
  /** The file of an issuer's keys has changed. */
  | ({ readonly kind: "issuerRead" } & IssuerKeys)
  /** It has changed to what cannot be used. */
  | { readonly kind: "issuerRefused"; readonly name: string; readonly problems: readonly Problem[] }
  | {
      readonly kind: "sidecarStarted";
      readonly sidecar: SidecarName;
      readonly pid: number;
      readonly adopted: boolean;
    }
  | { readonly kind: "sidecarNotStarted"; readonly sidecar: SidecarName; readonly problem: Problem }
  /** `code` when it ended by itself, undefined when a signal ended it. */
  | {
      readonly kind: "sidecarExited";
      readonly sidecar: SidecarName;
      readonly pid: number;
      readonly code: number | undefined;
    }
  | { readonly kind: "sidecarStopped"; readonly sidecar: SidecarName }
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
  /** The first word of a new connection. */
  | { readonly kind: "authConnected"; readonly status: AuthStatus; readonly trust: OwnTrust }
  /** Further words of the same connection. */
  | { readonly kind: "authTold"; readonly trust: OwnTrust }
  | { readonly kind: "authShown"; readonly status: AuthStatus }
  | { readonly kind: "authLost"; readonly problem: Problem }
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
