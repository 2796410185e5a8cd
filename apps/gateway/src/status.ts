import { commonV1, create, gatewayV1, timestampFromMs, toWireCounts } from "@catalyst-node/adapters/rpc";
import type { Problem } from "@catalyst-node/core/model";
import type { CertificateTold } from "./certificate.ts";
import { type Configurator, type Outcome, type SectionName, sectionNames } from "./configurator.ts";
import type { Entry, Revision } from "./ledger.ts";
import type { Operations } from "./operations.ts";
import type { Refusals } from "./refusals.ts";
import type { Upstream } from "./upstream.ts";
import type { ServedIdentity } from "./sections.ts";

/** What a status is told from; read anew for each. */
export type StatusSource = {
  readonly instanceId: string;
  readonly version: string;
  readonly startedAt: number;
  readonly served: {
    readonly identity: ServedIdentity | undefined;
    readonly stopping: boolean;
    readonly notReady: () => readonly Problem[];
    readonly generations: number;
    readonly plannerRestarts: number;
  };
  readonly configurator: Pick<Configurator, "ledgers" | "counters">;
  readonly listeners: readonly { readonly name: string; readonly url: string }[];
  readonly operations: Operations["counts"];
  readonly refusals: Refusals["counts"];
  /** By the reason. */
  readonly tokenRefusals: Refusals["counts"];
  readonly upstream: Upstream;
  /** Undefined where only HTTP is spoken. */
  readonly certificate: CertificateTold | undefined;
  /** Empty when this process answers clients itself. */
  readonly workers: readonly WorkerRow[];
};

/** One of the processes that answer clients. */
export type WorkerRow = {
  readonly number: number;
  /** Of the process that runs; 0 while there is none. */
  readonly pid: number;
  readonly state: "starting" | "serving" | "waiting";
  readonly restarts: number;
  readonly operations: number;
};

/** The whole state in the words of the contract. */
export function statusMessage(source: StatusSource): gatewayV1.GatewayStatus {
  const { served, configurator, operations } = source;
  const { identity } = served;
  const reasons = served.notReady();
  const { READY, STOPPING, UNCONFIGURED } = gatewayV1.GatewayStatus_State;
  return create(gatewayV1.GatewayStatusSchema, {
    instanceId: source.instanceId,
    version: source.version,
    pid: process.pid,
    startedAt: timestampFromMs(source.startedAt),
    state: served.stopping ? STOPPING : reasons.length === 0 ? READY : UNCONFIGURED,
    notReadyReasons: reasons.map(problemMessage),
    organization: identity?.organization ?? "",
    node: identity?.node ?? "",
    mode: identity?.dev === undefined ? gatewayV1.Mode.UNSPECIFIED : modeOf(identity.dev),
    sections: sectionNames.flatMap((name) => {
      const { applied } = configurator.ledgers[name];
      return applied === undefined ? [] : [{ ...entryFields(name, applied), appliedAt: timestampFromMs(applied.at) }];
    }),
    refusals: sectionNames.flatMap((name) => {
      const { refused } = configurator.ledgers[name];
      if (refused === undefined) return [];
      const problems = refused.problems.map(problemMessage);
      return [{ ...entryFields(name, refused), refusedAt: timestampFromMs(refused.at), problems }];
    }),
    listeners: [...source.listeners],
    counters: {
      operations: BigInt(operations.total),
      operationsWithErrors: BigInt(operations.withErrors),
      operationsInFlight: operations.inFlight,
      sectionsApplied: BigInt(configurator.counters.applied),
      sectionsRefused: BigInt(configurator.counters.refused),
      generations: served.generations,
      plannerRestarts: BigInt(served.plannerRestarts),
      refusals: toWireCounts(source.refusals),
      tokenRefusals: toWireCounts(source.tokenRefusals),
      upstream: toWireCounts(source.upstream.counters),
    },
    workers: source.workers.map((worker) => ({
      ...worker,
      state: workerStates[worker.state],
      restarts: BigInt(worker.restarts),
      operations: BigInt(worker.operations),
    })),
    ...(source.certificate && { certificate: certificateMessage(source.certificate) }),
    givenUpEndpoints: source.upstream.givenUp.map(({ since, ...endpoint }) => ({
      ...endpoint,
      since: timestampFromMs(since),
    })),
  });
}

function certificateMessage({ notBefore, notAfter, problems, ...told }: CertificateTold) {
  const times = { notBefore: timestampFromMs(notBefore), notAfter: timestampFromMs(notAfter) };
  return { ...told, ...times, problems: problems.map(problemMessage) };
}

const workerStates = {
  starting: gatewayV1.WorkerStatus_State.STARTING,
  serving: gatewayV1.WorkerStatus_State.SERVING,
  waiting: gatewayV1.WorkerStatus_State.WAITING,
} as const;

const outcomes = {
  applied: gatewayV1.SectionResult_Outcome.APPLIED,
  unchanged: gatewayV1.SectionResult_Outcome.UNCHANGED,
  refused: gatewayV1.SectionResult_Outcome.REFUSED,
  superseded: gatewayV1.SectionResult_Outcome.SUPERSEDED,
} as const;

const sections = {
  identity: gatewayV1.Section.IDENTITY,
  schema: gatewayV1.Section.SCHEMA,
  endpoints: gatewayV1.Section.ENDPOINTS,
  limits: gatewayV1.Section.LIMITS,
  operations: gatewayV1.Section.OPERATIONS,
  trust: gatewayV1.Section.TRUST,
} as const;

export function resultMessage({ section, outcome, problems }: Outcome): gatewayV1.SectionResult {
  return create(gatewayV1.SectionResultSchema, {
    section: sections[section],
    outcome: outcomes[outcome],
    problems: problems.map(problemMessage),
  });
}

function problemMessage({ code, path, message }: Problem): commonV1.Problem {
  return create(commonV1.ProblemSchema, { code, path, message });
}

function entryFields(name: SectionName, { revision, digest }: Entry) {
  return { section: sections[name], revision: revisionMessage(revision), digest };
}

function revisionMessage({ epoch, number }: Revision): gatewayV1.Revision {
  return create(gatewayV1.RevisionSchema, { epoch, number });
}

function modeOf(dev: boolean): gatewayV1.Mode {
  return dev ? gatewayV1.Mode.DEV : gatewayV1.Mode.PRODUCTION;
}
