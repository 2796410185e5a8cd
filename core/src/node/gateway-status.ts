import type { Problem, UpstreamCounters } from "../model/index.ts";

/** What a gateway tells of itself, as the model has it; the wire form is the contract's (proto/catalyst/gateway/v1). */
export type GatewayStatus = {
  /** New for each start of the process. */
  readonly instanceId: string;
  readonly version: string;
  readonly pid: number;
  readonly startedAt: number | undefined;
  readonly state: "unconfigured" | "ready" | "stopping";
  readonly notReadyReasons: readonly Problem[];
  /** Empty before the first identity. */
  readonly organization: string;
  readonly node: string;
  readonly mode: GatewayMode;
  readonly sections: readonly SectionStatus[];
  readonly refusals: readonly Refusal[];
  readonly listeners: readonly Listener[];
  readonly counters: GatewayCounters | undefined;
  /** Empty when the process itself answers clients. */
  readonly workers: readonly GatewayWorker[];
  readonly givenUpEndpoints: readonly GivenUpEndpoint[];
  /** What clients are shown by HTTPS; undefined where only HTTP is spoken. */
  readonly certificate: GatewayCertificate | undefined;
};

/** As it is served now. `problems`: it is out of date, or what its files hold by now cannot be served. */
type GatewayCertificate = {
  readonly certFile: string;
  readonly keyFile: string;
  readonly fingerprint: string;
  readonly notBefore: number | undefined;
  readonly notAfter: number | undefined;
  readonly problems: readonly Problem[];
};

/** An endpoint that is not asked for a while, because it failed again and again. */
type GivenUpEndpoint = {
  readonly service: string;
  readonly url: string;
  readonly since: number | undefined;
  /** How many of the processes that answer clients have given it up. */
  readonly processes: number;
};

/** A place among the processes that answer clients, with the one that fills it now. */
type GatewayWorker = {
  readonly number: number;
  /** 0 while there is none. */
  readonly pid: number;
  readonly state: "starting" | "serving" | "waiting";
  readonly restarts: number;
  readonly operations: number;
};

export type GatewayMode = "production" | "dev";

export type SectionName = "identity" | "schema" | "endpoints" | "limits" | "operations" | "trust";

/** Orders configurations: by epoch, then by number. */
export type Revision = { readonly epoch: number; readonly number: number };

export type SectionStatus = {
  readonly section: SectionName;
  readonly revision: Revision;
  readonly digest: string;
  readonly appliedAt: number | undefined;
};

export type Refusal = {
  readonly section: SectionName;
  readonly revision: Revision;
  readonly digest: string;
  readonly refusedAt: number | undefined;
  readonly problems: readonly Problem[];
};

/** An address that is really bound, by what it is for. */
export type Listener = { readonly name: string; readonly url: string };

export type GatewayCounters = {
  readonly operations: number;
  readonly operationsWithErrors: number;
  readonly operationsInFlight: number;
  readonly sectionsApplied: number;
  readonly sectionsRefused: number;
  readonly generations: number;
  readonly plannerRestarts: number;
  /** Requests that a limit turned away, by the code that their clients read. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Requests whose token was not taken, by the reason (core/trust). */
  readonly tokenRefusals: Readonly<Record<string, number>>;
  readonly upstream: UpstreamCounters;
};

/** What became of one section of one configuration. */
export type SectionResult = {
  readonly section: SectionName;
  readonly outcome: "applied" | "unchanged" | "refused" | "superseded";
  readonly problems: readonly Problem[];
};

export function compareRevisions(a: Revision, b: Revision): number {
  return a.epoch - b.epoch || a.number - b.number;
}

/** The greatest revision that the gateway has applied or refused; undefined before its first. */
export function newestRevision({ sections, refusals }: GatewayStatus): Revision | undefined {
  return [...sections, ...refusals]
    .map(({ revision }) => revision)
    .toSorted(compareRevisions)
    .at(-1);
}
