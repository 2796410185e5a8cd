import type { Listen, Pair } from "@catalyst-node/adapters/http";
import type { Limits, Problem } from "@catalyst-node/core/model";
import type { GatewayOptions } from "../options.ts";
import type { Urls } from "../running.ts";
import { noUpstream, type Upstream } from "../upstream.ts";
import type { OperationsTold } from "../read-operations.ts";
import type { TrustTold } from "../read-trust.ts";
import type { EndpointTable, ServedIdentity } from "../sections.ts";

/** What the primary asks of a worker. Each is answered once; what changes what is served is done in its order. */
export type Ask =
  /** The first. */
  | { readonly kind: "begin"; readonly number: number; readonly log: GatewayOptions["log"] }
  | { readonly kind: "identity"; readonly identity: ServedIdentity }
  | { readonly kind: "limits"; readonly limits: Limits }
  | { readonly kind: "operations"; readonly told: OperationsTold }
  | { readonly kind: "trust"; readonly told: TrustTold }
  /** Builds a schema beside the one that serves. */
  | { readonly kind: "build"; readonly build: number; readonly sdl: string }
  /** Gives a build up, whether it is done or not. */
  | { readonly kind: "discard"; readonly build: number }
  /** Swaps to what was built, and to these tables one after the other, with no request in between. */
  | { readonly kind: "serve"; readonly build: number | undefined; readonly tables: readonly Table[] }
  | ({ readonly kind: "listen" } & Listen)
  /** Whoever connects from now on is shown this one. */
  | ({ readonly kind: "certificate" } & Pair)
  | { readonly kind: "ping" }
  /** Ends it, once what is in flight has ended or so many milliseconds are over; idle connections end after `lingerMs`. */
  | { readonly kind: "stop"; readonly drainMs: number; readonly lingerMs?: number };

export type Table = { readonly table: EndpointTable; readonly schemaRefused: boolean };

export type ToWorker = { readonly id: number; readonly ask: Ask };
export type FromWorker = { readonly id: number; readonly answer: Answer };
/** Told unasked: somebody wants this worker to end. */
export type Leaving = { readonly leaving: true };

/** Both are one program's, so this tells them from messages that are nobody's, not the honest from the dishonest. */
export function isToWorker(message: unknown): message is ToWorker {
  return typeof message === "object" && message !== null && "id" in message && "ask" in message;
}

export function isFromWorker(message: unknown): message is FromWorker {
  return typeof message === "object" && message !== null && "id" in message && "answer" in message;
}

export function isLeaving(message: unknown): message is Leaving {
  return typeof message === "object" && message !== null && "leaving" in message;
}

export type Answer = {
  /** Why it was not done; empty when it was. */
  readonly problems: readonly Problem[];
  readonly stats: Stats;
  /** Of `listen`: what is really bound. */
  readonly urls?: Urls;
  /** Of `stop`: how many requests were cut off. */
  readonly cut?: number;
};

/** What a worker has counted since its start, and holds now. */
export type Stats = {
  readonly operations: { readonly total: number; readonly withErrors: number; readonly inFlight: number };
  readonly refusals: Readonly<Record<string, number>>;
  readonly tokenRefusals: Readonly<Record<string, number>>;
  readonly upstream: Upstream;
  readonly generations: number;
  readonly plannerRestarts: number;
};

export const noStats: Stats = {
  operations: { total: 0, withErrors: 0, inFlight: 0 },
  refusals: {},
  tokenRefusals: {},
  upstream: noUpstream,
  generations: 0,
  plannerRestarts: 0,
};
