import { type MessageInitShape, orchestratorV1, timestampFromMs, toWireTime } from "@catalyst-node/adapters/rpc";
import type { GatewayView, NodeView, RouteView, SchemaSource, ServiceView } from "@catalyst-node/core/node";
import type { ToldEvent } from "./event-ring.ts";
import { encodeAuth, encodeTrustView } from "./auth-encode.ts";
import { encodeRevision, encodeStatus } from "./gateway-encode.ts";
import { encodeListener, encodeProblem } from "./wire.ts";

const serviceState = {
  pending: orchestratorV1.Service_State.PENDING,
  serving: orchestratorV1.Service_State.SERVING,
  stale: orchestratorV1.Service_State.STALE,
  quarantined: orchestratorV1.Service_State.QUARANTINED,
} as const;

const schemaSource: Readonly<Record<SchemaSource, orchestratorV1.Service_SchemaSource>> = {
  federation: orchestratorV1.Service_SchemaSource.FEDERATION,
  introspection: orchestratorV1.Service_SchemaSource.INTROSPECTION,
  file: orchestratorV1.Service_SchemaSource.FILE,
};

/** Views in the words of the contract (proto/catalyst/orchestrator/v1). */
export function encodeNode(view: NodeView): MessageInitShape<typeof orchestratorV1.NodeStatusSchema> {
  return {
    ...view,
    startedAt: timestampFromMs(view.startedAt),
    reasons: view.reasons.map(encodeProblem),
    listeners: view.listeners.map(encodeListener),
    gateway: encodeGateway(view.gateway),
    auth: view.auth && encodeAuth(view.auth),
    trust: encodeTrustView(view.trust),
  };
}

export function encodeService(view: ServiceView): MessageInitShape<typeof orchestratorV1.ServiceSchema> {
  const { schema } = view;
  return {
    key: view.key,
    name: view.name,
    url: view.url,
    export: view.export,
    state: serviceState[view.state],
    problems: view.problems.map(encodeProblem),
    ...(schema && {
      schemaSource: schemaSource[schema.source],
      sdlSha256: schema.sha256,
      sdlBytes: BigInt(schema.bytes),
    }),
    fetchedAt: toWireTime(schema?.fetchedAt),
    attemptedAt: toWireTime(view.attemptedAt),
    failures: view.failures,
  };
}

export function encodeRoute(view: RouteView): MessageInitShape<typeof orchestratorV1.RouteSchema> {
  return { ...view, origin: orchestratorV1.Route_Origin.LOCAL, reasons: view.reasons.map(encodeProblem) };
}

export function encodeGateway(view: GatewayView): MessageInitShape<typeof orchestratorV1.GatewayViewSchema> {
  const { CONNECTED, CONNECTING } = orchestratorV1.GatewayView_Connection;
  return {
    address: view.address,
    embedded: view.embedded,
    connection: view.connected ? CONNECTED : CONNECTING,
    problems: view.problems.map(encodeProblem),
    acknowledgedAt: toWireTime(view.acknowledgedAt),
    ...(view.desiredRevision && { desiredRevision: encodeRevision(view.desiredRevision) }),
    inSync: view.inSync,
    ...(view.status && { status: encodeStatus(view.status) }),
  };
}

export function encodeEvent({
  seq,
  at,
  kind,
  subject,
  message,
}: ToldEvent): MessageInitShape<typeof orchestratorV1.WatchEventsResponseSchema> {
  return { seq: BigInt(seq), time: timestampFromMs(at), kind, subject, message };
}
