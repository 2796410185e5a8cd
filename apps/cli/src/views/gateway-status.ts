import { gatewayV1 } from "@catalyst-node/adapters/rpc";
import { enumWord } from "../enum-word.ts";
import { isoTime } from "../times.ts";
import { type ProblemItem, problemItem, problemLine } from "./problem.ts";

export type RevisionItem = { readonly epoch: number; readonly number: number };

/** What the gateway last told about itself. */
export type GatewayStatusItem = {
  readonly instanceId: string;
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly state: string;
  readonly mode: string;
  readonly notReadyReasons: readonly ProblemItem[];
  readonly sections: readonly SectionItem[];
  readonly refusals: readonly RefusalItem[];
  readonly listeners: readonly { readonly name: string; readonly url: string }[];
  readonly counters: Readonly<Record<string, number>>;
  /** Requests that a limit turned away, by code. */
  readonly turnedAway: Readonly<Record<string, number>>;
  /** Requests whose token was not taken, by reason (docs/identity.md). */
  readonly tokensRefused: Readonly<Record<string, number>>;
  readonly givenUpEndpoints: readonly GivenUpItem[];
  readonly certificate: CertificateItem | null;
  readonly workers: readonly WorkerItem[];
};

type CertificateItem = {
  readonly certFile: string;
  readonly keyFile: string;
  readonly fingerprint: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly problems: readonly ProblemItem[];
};

type GivenUpItem = {
  readonly service: string;
  readonly url: string;
  readonly since: string;
  readonly processes: number;
};

type WorkerItem = {
  readonly number: number;
  readonly pid: number;
  readonly state: string;
  readonly restarts: number;
  readonly operations: number;
};

type SectionItem = {
  readonly section: string;
  readonly revision: RevisionItem | null;
  readonly digest: string;
  readonly appliedAt: string;
};
type RefusalItem = {
  readonly section: string;
  readonly revision: RevisionItem | null;
  readonly refusedAt: string;
  readonly problems: readonly ProblemItem[];
};

export function gatewayStatusItem(status: gatewayV1.GatewayStatus): GatewayStatusItem {
  return {
    instanceId: status.instanceId,
    version: status.version,
    pid: status.pid,
    startedAt: isoTime(status.startedAt),
    state: enumWord(gatewayV1.GatewayStatus_StateSchema, status.state),
    mode: enumWord(gatewayV1.ModeSchema, status.mode),
    notReadyReasons: status.notReadyReasons.map(problemItem),
    sections: status.sections.map(({ section, revision, digest, appliedAt }) => ({
      section: enumWord(gatewayV1.SectionSchema, section),
      revision: revisionItem(revision),
      digest,
      appliedAt: isoTime(appliedAt),
    })),
    refusals: status.refusals.map(({ section, revision, refusedAt, problems }) => ({
      section: enumWord(gatewayV1.SectionSchema, section),
      revision: revisionItem(revision),
      refusedAt: isoTime(refusedAt),
      problems: problems.map(problemItem),
    })),
    listeners: status.listeners.map(({ name, url }) => ({ name, url })),
    counters: countersItem(status.counters),
    certificate: status.certificate ? certificateItem(status.certificate) : null,
    turnedAway: numbersOf(status.counters?.refusals ?? {}),
    tokensRefused: numbersOf(status.counters?.tokenRefusals ?? {}),
    givenUpEndpoints: status.givenUpEndpoints.map(({ service, url, since, processes }) => ({
      service,
      url,
      since: isoTime(since),
      processes,
    })),
    workers: status.workers.map(({ number, pid, state, restarts, operations }) => ({
      number,
      pid,
      state: enumWord(gatewayV1.WorkerStatus_StateSchema, state),
      restarts: Number(restarts),
      operations: Number(operations),
    })),
  };
}

function certificateItem({ notBefore, notAfter, problems, ...told }: gatewayV1.Certificate): CertificateItem {
  const { certFile, keyFile, fingerprint } = told;
  const times = { notBefore: isoTime(notBefore), notAfter: isoTime(notAfter) };
  return { certFile, keyFile, fingerprint, ...times, problems: problems.map(problemItem) };
}

export function revisionItem(revision: gatewayV1.Revision | undefined): RevisionItem | null {
  return revision ? { epoch: Number(revision.epoch), number: Number(revision.number) } : null;
}

function countersItem(counters: gatewayV1.Counters | undefined): Readonly<Record<string, number>> {
  if (!counters) return {};
  const { upstream, refusals: _, tokenRefusals: __, ...own } = counters;
  return numbersOf({ ...own, ...upstream });
}

/** Of a message, whose name is none of its numbers. */
function numbersOf(counts: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> {
  const told = Object.entries(counts).filter(([, count]) => typeof count === "bigint" || typeof count === "number");
  return Object.fromEntries(told.map(([name, count]) => [name, Number(count)]));
}

/** A line for each thing that it told. */
export function gatewayStatusFields(status: GatewayStatusItem): readonly (readonly [string, string])[] {
  return [
    ["State", status.state],
    ...status.notReadyReasons.map((reason) => ["Not ready", problemLine(reason)] as const),
    ["Mode", status.mode],
    ["Process", `pid ${status.pid}, version ${status.version}, since ${status.startedAt}`],
    ...status.workers.map((worker) => ["Worker", workerText(worker)] as const),
    ...status.listeners.map(({ name, url }) => ["Listener", `${name} ${url}`] as const),
    ...certificateFields(status.certificate),
    ...status.sections.map(
      ({ section, revision, appliedAt }) =>
        ["Applied", `${section} ${revisionText(revision)} at ${appliedAt}`] as const,
    ),
    ...status.refusals.flatMap(({ section, problems }) =>
      problems.map((problem) => ["Refused", `${section}: ${problemLine(problem)}`] as const),
    ),
    ...status.givenUpEndpoints.map(
      ({ service, url, since }) => ["Given up", `${service} ${url} since ${since}`] as const,
    ),
    ...Object.entries(status.counters).map(([name, count]) => [words(name), String(count)] as const),
    ...Object.entries(status.turnedAway).map(([code, count]) => ["Turned away", `${count} ${code}`] as const),
    ...Object.entries(status.tokensRefused).map(([reason, count]) => ["Token refused", `${count} ${reason}`] as const),
  ];
}

function certificateFields(certificate: CertificateItem | null): readonly (readonly [string, string])[] {
  if (certificate === null) return [];
  const { certFile, notAfter, problems } = certificate;
  return [
    ["Certificate", `${certFile}, valid until ${notAfter}`],
    ...problems.map((problem) => ["Certificate", problemLine(problem)] as const),
  ];
}

function workerText({ number, pid, state, restarts, operations }: WorkerItem): string {
  const process = pid === 0 ? "" : `, pid ${pid}`;
  return `${number} ${state}${process}, ${operations} operations, replaced ${restarts} times`;
}

/** "epoch.number", or "none". */
export function revisionText(revision: RevisionItem | null): string {
  return revision ? `${revision.epoch}.${revision.number}` : "none";
}

/** "operationsInFlight" is "Operations in flight". */
function words(name: string): string {
  const text = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
