import {
  type commonV1,
  type create,
  gatewayV1,
  type MessageInitShape,
  timestampDate,
  timestampFromMs,
} from "@catalyst-node/adapters/rpc";
import type { Problem, ProblemCode } from "@catalyst-node/core/model";
import type {
  GatewayMode,
  GatewayStatus,
  Revision,
  SectionName,
  SectionResult,
  Sections,
} from "@catalyst-node/core/node";

type Wire<Schema extends Parameters<typeof create>[0]> = MessageInitShape<Schema>;
type WireTime = Parameters<typeof timestampDate>[0];

const sectionOf: Readonly<Record<SectionName, gatewayV1.Section>> = {
  identity: gatewayV1.Section.IDENTITY,
  schema: gatewayV1.Section.SCHEMA,
  endpoints: gatewayV1.Section.ENDPOINTS,
};
const sectionNames = ["identity", "schema", "endpoints"] as const;
const stateOf = {
  unconfigured: gatewayV1.GatewayStatus_State.UNCONFIGURED,
  ready: gatewayV1.GatewayStatus_State.READY,
  stopping: gatewayV1.GatewayStatus_State.STOPPING,
} as const;

/** A configuration as the contract has it. */
export function encodeConfigure(
  revision: Revision,
  { identity, schema, endpoints }: Partial<Sections>,
): Wire<typeof gatewayV1.ConfigureRequestSchema> {
  return {
    revision: encodeRevision(revision),
    ...(identity && { identity: { ...identity, mode: encodeMode(identity.mode) } }),
    ...(schema && { schema: { digest: schema.digest, supergraphSdl: schema.sdl } }),
    ...(endpoints && {
      endpoints: {
        digest: endpoints.digest,
        services: endpoints.services.map(({ service, endpoints: reached }) => ({
          service,
          endpoints: reached.map(({ url, subscriptions }) => ({
            url,
            subscriptions: encodeSubscriptions(subscriptions),
          })),
        })),
      },
    }),
  };
}

/** A gateway's status as the model has it. Throws on numbers that no sane gateway has. */
export function decodeStatus(status: gatewayV1.GatewayStatus | undefined): GatewayStatus {
  if (status === undefined) throw new Error("the gateway's answer holds no status");
  const { counters } = status;
  return {
    instanceId: status.instanceId,
    version: status.version,
    pid: status.pid,
    startedAt: decodeTime(status.startedAt),
    state: decodeState(status.state),
    notReadyReasons: status.notReadyReasons.map(decodeProblem),
    organization: status.organization,
    node: status.node,
    mode: status.mode === gatewayV1.Mode.DEV ? "dev" : "production",
    sections: status.sections.flatMap(({ section, revision, digest, appliedAt }) => {
      const name = decodeSection(section);
      return name === undefined
        ? []
        : [{ section: name, revision: decodeRevision(revision), digest, appliedAt: decodeTime(appliedAt) }];
    }),
    refusals: status.refusals.flatMap(({ section, revision, digest, refusedAt, problems }) => {
      const name = decodeSection(section);
      if (name === undefined) return [];
      const times = { revision: decodeRevision(revision), refusedAt: decodeTime(refusedAt) };
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
    },
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

/** Back to the contract, for those who read the orchestrator's API. */
export function encodeStatus(status: GatewayStatus): Wire<typeof gatewayV1.GatewayStatusSchema> {
  const { counters } = status;
  return {
    ...status,
    startedAt: encodeTime(status.startedAt),
    state: stateOf[status.state],
    notReadyReasons: status.notReadyReasons.map(encodeProblem),
    mode: status.organization === "" ? gatewayV1.Mode.UNSPECIFIED : encodeMode(status.mode),
    sections: status.sections.map(({ section, revision, digest, appliedAt }) => ({
      section: sectionOf[section],
      revision: encodeRevision(revision),
      digest,
      appliedAt: encodeTime(appliedAt),
    })),
    refusals: status.refusals.map(({ section, revision, digest, refusedAt, problems }) => ({
      section: sectionOf[section],
      revision: encodeRevision(revision),
      digest,
      problems: problems.map(encodeProblem),
      refusedAt: encodeTime(refusedAt),
    })),
    listeners: status.listeners.map(encodeListener),
    counters: counters && {
      ...counters,
      operations: BigInt(counters.operations),
      operationsWithErrors: BigInt(counters.operationsWithErrors),
      sectionsApplied: BigInt(counters.sectionsApplied),
      sectionsRefused: BigInt(counters.sectionsRefused),
      plannerRestarts: BigInt(counters.plannerRestarts),
    },
  };
}

export function encodeProblem({ code, path, message }: Problem): Wire<typeof commonV1.ProblemSchema> {
  return { code, path, message };
}

export function encodeListener({
  name,
  url,
}: {
  readonly name: string;
  readonly url: string;
}): Wire<typeof commonV1.ListenerSchema> {
  return { name, url };
}

export function encodeRevision({ epoch, number }: Revision): Wire<typeof gatewayV1.RevisionSchema> {
  return { epoch: BigInt(epoch), number: BigInt(number) };
}

/** Absent when there was no such time. */
export function encodeTime(at: number | undefined): WireTime | undefined {
  return at === undefined ? undefined : timestampFromMs(at);
}

function decodeProblem({ code, path, message }: commonV1.Problem): Problem {
  const known = isProblemCode(code);
  return { code: known ? code : "CAT-GATEWAY-UNKNOWN", path, message: known ? message : `${code} ${message}` };
}

function isProblemCode(code: string): code is ProblemCode {
  return /^CAT-[A-Z]+-\d+$/.test(code);
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

function decodeNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`the gateway told a number out of range: ${value}`);
  return number;
}

function decodeTime(time: WireTime | undefined): number | undefined {
  return time === undefined ? undefined : timestampDate(time).getTime();
}

function encodeSubscriptions({
  protocol,
  url = "",
}: Sections["endpoints"]["services"][number]["endpoints"][number]["subscriptions"]): Wire<
  typeof gatewayV1.SubscriptionsSchema
> {
  const { SSE, WS } = gatewayV1.Subscriptions_Protocol;
  return { protocol: protocol === "ws" ? WS : SSE, url };
}

function encodeMode(mode: GatewayMode): gatewayV1.Mode {
  return mode === "dev" ? gatewayV1.Mode.DEV : gatewayV1.Mode.PRODUCTION;
}
