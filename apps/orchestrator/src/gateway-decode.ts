import { fromWireTime, gatewayV1 } from "@catalyst-node/adapters/rpc";
import type { GatewayStatus, Revision, SectionName, SectionResult } from "@catalyst-node/core/node";
import { sectionNames, sectionOf, workerStateOf, workerStates } from "./gateway-words.ts";
import { decodeNumber, decodeProblem } from "./wire.ts";

/** A gateway's status as the model has it. Throws on numbers that no sane gateway has. */
export function decodeStatus(status: gatewayV1.GatewayStatus | undefined): GatewayStatus {
  if (status === undefined) throw new Error("the gateway's answer holds no status");
  const { counters } = status;
  return {
    instanceId: status.instanceId,
    version: status.version,
    pid: status.pid,
    startedAt: fromWireTime(status.startedAt),
    state: decodeState(status.state),
    notReadyReasons: status.notReadyReasons.map(decodeProblem),
    organization: status.organization,
    node: status.node,
    mode: status.mode === gatewayV1.Mode.DEV ? "dev" : "production",
    sections: status.sections.flatMap(({ section, revision, digest, appliedAt }) => {
      const name = decodeSection(section);
      return name === undefined
        ? []
        : [{ section: name, revision: decodeRevision(revision), digest, appliedAt: fromWireTime(appliedAt) }];
    }),
    refusals: status.refusals.flatMap(({ section, revision, digest, refusedAt, problems }) => {
      const name = decodeSection(section);
      if (name === undefined) return [];
      const times = { revision: decodeRevision(revision), refusedAt: fromWireTime(refusedAt) };
      return [{ section: name, digest, ...times, problems: problems.map(decodeProblem) }];
    }),
    listeners: status.listeners.map(({ name, url }) => ({ name, url })),
    counters: counters && {
      operations: decodeNumber(counters.operations),
      operationsWithErrors: decodeNumber(counters.operationsWithErrors),
      operationsInFlight: counters.operationsInFlight,
      sectionsApplied: decodeNumber(counters.sectionsApplied),
      sectionsRefused: decodeNumber(counters.sectionsRefused),
      generations: counters.generations,
      plannerRestarts: decodeNumber(counters.plannerRestarts),
      refusals: decodeCounts(counters.refusals, /^[A-Z_]{1,64}$/),
      tokenRefusals: decodeCounts(counters.tokenRefusals, /^[a-z-]{1,64}$/),
      upstream: decodeUpstream(counters.upstream),
    },
    workers: status.workers.map(({ number, pid, state, restarts, operations }) => ({
      number,
      pid,
      state: workerStates.find((name) => workerStateOf[name] === state) ?? "waiting",
      restarts: decodeNumber(restarts),
      operations: decodeNumber(operations),
    })),
    givenUpEndpoints: status.givenUpEndpoints.map(({ service, url, since, processes }) => ({
      service,
      url,
      since: fromWireTime(since),
      processes,
    })),
    certificate: status.certificate && decodeCertificate(status.certificate),
  };
}

function decodeCertificate(told: gatewayV1.Certificate): NonNullable<GatewayStatus["certificate"]> {
  const { certFile, keyFile, fingerprint, problems } = told;
  const times = { notBefore: fromWireTime(told.notBefore), notAfter: fromWireTime(told.notAfter) };
  return { certFile, keyFile, fingerprint, ...times, problems: problems.map(decodeProblem) };
}

/** All zero when it is not told. */
function decodeUpstream(counters: gatewayV1.UpstreamCounters | undefined) {
  return {
    retries: decodeNumber(counters?.retries ?? 0n),
    retriesDenied: decodeNumber(counters?.retriesDenied ?? 0n),
    breakerOpened: decodeNumber(counters?.breakerOpened ?? 0n),
    refusedByBreaker: decodeNumber(counters?.refusedByBreaker ?? 0n),
    refusedByConcurrency: decodeNumber(counters?.refusedByConcurrency ?? 0n),
  };
}

export function decodeResults(results: readonly gatewayV1.SectionResult[]): readonly SectionResult[] {
  return results.flatMap(({ section, outcome, problems }) => {
    const name = decodeSection(section);
    const what = decodeOutcome(outcome);
    return name === undefined || what === undefined
      ? []
      : [{ section: name, outcome: what, problems: problems.map(decodeProblem) }];
  });
}

function decodeSection(section: gatewayV1.Section): SectionName | undefined {
  return sectionNames.find((name) => sectionOf[name] === section);
}

function decodeOutcome(outcome: gatewayV1.SectionResult_Outcome): SectionResult["outcome"] | undefined {
  const { APPLIED, REFUSED, SUPERSEDED, UNCHANGED } = gatewayV1.SectionResult_Outcome;
  const names = new Map([
    [APPLIED, "applied"],
    [UNCHANGED, "unchanged"],
    [REFUSED, "refused"],
    [SUPERSEDED, "superseded"],
  ] as const);
  return new Map<gatewayV1.SectionResult_Outcome, SectionResult["outcome"]>(names).get(outcome);
}

function decodeState(state: gatewayV1.GatewayStatus_State): GatewayStatus["state"] {
  if (state === gatewayV1.GatewayStatus_State.READY) return "ready";
  return state === gatewayV1.GatewayStatus_State.STOPPING ? "stopping" : "unconfigured";
}

function decodeRevision(revision: gatewayV1.Revision | undefined): Revision {
  return { epoch: decodeNumber(revision?.epoch ?? 0n), number: decodeNumber(revision?.number ?? 0n) };
}

/** By names that another process chose. */
function decodeCounts(counts: Readonly<Record<string, bigint>>, name: RegExp): Readonly<Record<string, number>> {
  const named = Object.entries(counts).filter(([code]) => name.test(code));
  return Object.fromEntries(named.map(([code, count]) => [code, decodeNumber(count)]));
}
