import { gatewayV1, toWireCounts, toWireTime } from "@catalyst-node/adapters/rpc";
import type { GatewayMode, GatewayStatus, Revision, Sections } from "@catalyst-node/core/node";
import { encodeTrust } from "./auth-encode.ts";
import { operationsModeOf, sectionOf, stateOf, workerStateOf } from "./gateway-words.ts";
import { encodeListener, encodeProblem, type Wire } from "./wire.ts";

/** A configuration as the contract has it. */
export function encodeConfigure(
  revision: Revision,
  { identity, schema, endpoints, limits, operations, trust }: Partial<Sections>,
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
    ...(limits && { limits }),
    ...(operations && { operations: encodeOperations(operations) }),
    ...(trust && { trust: encodeTrust(trust) }),
  };
}

function encodeOperations({ digest, mode, operations }: Sections["operations"]) {
  return { digest, mode: operationsModeOf[mode], operations: [...operations] };
}

/** Back to the contract, for those who read the orchestrator's API. */
export function encodeStatus(status: GatewayStatus): Wire<typeof gatewayV1.GatewayStatusSchema> {
  const { counters } = status;
  return {
    ...status,
    startedAt: toWireTime(status.startedAt),
    state: stateOf[status.state],
    notReadyReasons: status.notReadyReasons.map(encodeProblem),
    mode: status.organization === "" ? gatewayV1.Mode.UNSPECIFIED : encodeMode(status.mode),
    sections: status.sections.map(({ section, revision, digest, appliedAt }) => ({
      section: sectionOf[section],
      revision: encodeRevision(revision),
      digest,
      appliedAt: toWireTime(appliedAt),
    })),
    refusals: status.refusals.map(({ section, revision, digest, refusedAt, problems }) => ({
      section: sectionOf[section],
      revision: encodeRevision(revision),
      digest,
      problems: problems.map(encodeProblem),
      refusedAt: toWireTime(refusedAt),
    })),
    listeners: status.listeners.map(encodeListener),
    counters: counters && {
      ...counters,
      operations: BigInt(counters.operations),
      operationsWithErrors: BigInt(counters.operationsWithErrors),
      sectionsApplied: BigInt(counters.sectionsApplied),
      sectionsRefused: BigInt(counters.sectionsRefused),
      plannerRestarts: BigInt(counters.plannerRestarts),
      refusals: toWireCounts(counters.refusals),
      tokenRefusals: toWireCounts(counters.tokenRefusals),
      upstream: toWireCounts(counters.upstream),
    },
    workers: status.workers.map((worker) => ({
      ...worker,
      state: workerStateOf[worker.state],
      restarts: BigInt(worker.restarts),
      operations: BigInt(worker.operations),
    })),
    givenUpEndpoints: status.givenUpEndpoints.map((endpoint) => ({ ...endpoint, since: toWireTime(endpoint.since) })),
    certificate: status.certificate && {
      ...status.certificate,
      notBefore: toWireTime(status.certificate.notBefore),
      notAfter: toWireTime(status.certificate.notAfter),
      problems: status.certificate.problems.map(encodeProblem),
    },
  };
}

export function encodeRevision({ epoch, number }: Revision): Wire<typeof gatewayV1.RevisionSchema> {
  return { epoch: BigInt(epoch), number: BigInt(number) };
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
