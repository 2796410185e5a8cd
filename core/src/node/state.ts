import type { NodeConfig, ServiceConfig } from "../config/index.ts";
import type { Manifest, Problem } from "../model/index.ts";
import type { Offers } from "../routing/index.ts";
import type { Outcome, Search, Verdict } from "../supergraph/index.ts";
import type { AuthStatus, OwnTrust } from "./auth-status.ts";
import type { Effect } from "./effects.ts";
import type { FetchedSchema } from "./events.ts";
import type { GatewayStatus, Listener, Revision, SectionName } from "./gateway-status.ts";
import type { Issuer } from "./issuers.ts";
import type { SidecarName } from "./sidecars.ts";

/** A node from before its configuration to after its end. */
export type State =
  | { readonly phase: "new" }
  | { readonly phase: "running"; readonly node: Node }
  /** A sidecar is being stopped; `failed` says why the node ends, when it was not asked to. */
  | {
      readonly phase: "stopping";
      readonly node: Node;
      readonly failed: Problem | undefined;
      readonly awaited: SidecarName;
    }
  | { readonly phase: "stopped" };

/** What a node knows while it runs. */
export type Node = {
  readonly config: NodeConfig;
  readonly self: Self;
  readonly listeners: readonly Listener[];
  /** By name, in the order of the configuration. */
  readonly services: ReadonlyMap<string, Service>;
  readonly offers: Offers;
  /** The short wait for the first answers is over. */
  readonly settleElapsed: boolean;
  readonly composing: Composing;
  readonly gateway: Gateway;
  /** Undefined: the node has none. */
  readonly auth: Auth | undefined;
  /** Whose tokens are taken besides the node's own, by the names of the configuration. */
  readonly issuers: ReadonlyMap<string, Issuer>;
  /** The ready line was written. */
  readonly announced: boolean;
  /** Registered operations, as they were last read without a problem. */
  readonly manifest: Manifest;
};

/** Which process this is. */
export type Self = {
  readonly instanceId: string;
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number;
};

export type SchemaSource = "federation" | "introspection" | "file";

export type Service = {
  readonly config: ServiceConfig;
  readonly schema: KnownSchema | undefined;
  readonly underway: boolean;
  /** Attempts that have ended since the start. */
  readonly attempts: number;
  readonly attemptedAt: number | undefined;
  /** Failures in a row; `problem` is the last one's. */
  readonly failures: number;
  readonly problem: Problem | undefined;
};

/** `fetchedAt` is the last success, in milliseconds of the epoch; `restored`: known from before the start only. */
export type KnownSchema = FetchedSchema & { readonly fetchedAt: number; readonly restored: boolean };

export type Composing = {
  /** Names each attempt; an answer to an older one is ignored. */
  readonly ticket: number;
  readonly run: { readonly inputs: string; readonly search: Search } | undefined;
  /** `inputs` is undefined when the same is to be composed anew. */
  readonly result: { readonly inputs: string | undefined; readonly outcome: Outcome } | undefined;
  /** Services that killed the composer, with the schema they did it with. */
  readonly fatal: ReadonlyMap<string, { readonly sha256: string; readonly verdict: Verdict }>;
  /** The schemas, by service, that are inside the last supergraph: they did not kill the composer. */
  readonly proven: ReadonlyMap<string, string>;
  /** What is not composed before the timer fires: the composer died, though it has composed the same before. */
  readonly deferred: string | undefined;
  /** Runs in a row in which the composer died. */
  readonly deaths: number;
};

type Gateway = {
  /** Ours; greater than that of any orchestrator before. */
  readonly epoch: number;
  /** Of the last configuration sent in this epoch; 0: none yet. */
  readonly number: number;
  readonly sidecar: Sidecar;
  readonly link: Link;
  /** When it last told what it serves. */
  readonly acknowledgedAt: number | undefined;
  /** Services inside the schema that was last seen served, by its digest. */
  readonly served: { readonly digest: string; readonly services: readonly string[] } | undefined;
};

export type Auth = {
  readonly sidecar: Sidecar;
  readonly link:
    | {
        readonly kind: "connecting";
        readonly problem: Problem | undefined;
        /** As last told, when it was connected before. */
        readonly last: AuthStatus | undefined;
      }
    | { readonly kind: "connected"; readonly status: AuthStatus };
  /** As last told, to this orchestrator or to one before it; undefined: never. */
  readonly trust: KnownTrust | undefined;
};

/** The digest is of the issuer and the revocations. */
export type KnownTrust = OwnTrust & { readonly digest: string };

export type Sidecar =
  | { readonly kind: "remote" }
  | { readonly kind: "starting"; readonly failures: number; readonly problem: Problem | undefined }
  | { readonly kind: "running"; readonly pid: number; readonly adopted: boolean; readonly failures: number };

export type Link =
  | {
      readonly kind: "connecting";
      readonly problem: Problem | undefined;
      /** As last told, when it was connected before. */
      readonly last: GatewayStatus | undefined;
    }
  | {
      readonly kind: "connected";
      readonly status: GatewayStatus;
      readonly push: Push;
      readonly refused: RefusedDigests;
    };

/** What this gateway process refused: not sent again until it changes. */
export type RefusedDigests = Readonly<Partial<Record<SectionName, string>>>;

type Push =
  | { readonly kind: "idle" }
  | { readonly kind: "underway"; readonly revision: Revision; readonly failures: number; readonly sent: RefusedDigests }
  | { readonly kind: "waiting"; readonly failures: number; readonly problem: Problem | undefined };

/** What outlives the process: the greatest epoch used, the last schema of each service, what auth told last. */
export type Learned = {
  readonly epoch: number;
  readonly trust?: OwnTrust | undefined;
  readonly services: readonly LearnedService[];
};

export type LearnedService = FetchedSchema & {
  readonly name: string;
  /** The schema of another URL says nothing of this one. */
  readonly url: string;
  readonly fetchedAt: number;
};

/** A node after a verb, and what that verb wants done. */
export type Change = { readonly node: Node; readonly effects: readonly Effect[] };

/** A state after an event, and what that event wants done. */
export type Step = { readonly state: State; readonly effects: readonly Effect[] };

export function unchanged(node: Node): Change {
  return { node, effects: [] };
}
