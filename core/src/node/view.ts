import { type Problem, routeKey, type RouteKey } from "../model/index.ts";
import { candidates, keys, type Route } from "../routing/index.ts";
import { desiredSections, sectionNames, servedDigest } from "./desired.ts";
import type { GatewayStatus, Listener, Revision } from "./gateway-status.ts";
import { gatewayProblems } from "./gateway-problems.ts";
import { nodeProblem } from "./problems.ts";
import { isReady } from "./readiness.ts";
import { isStale } from "./services.ts";
import type { KnownSchema, Node, Self, Service } from "./state.ts";
import { type AuthView, trustProblems, type TrustView, viewAuth, viewTrust } from "./view-trust.ts";

/** A node as it shows itself: plain data, derived from its state alone. */
export type NodeView = Self & {
  readonly organization: string;
  readonly node: string;
  readonly ready: boolean;
  /** Why it is not ready, or what is degraded though it is. */
  readonly reasons: readonly Problem[];
  readonly listeners: readonly Listener[];
  readonly services: ServiceCounts;
  readonly gateway: GatewayView;
  readonly auth: AuthView | undefined;
  readonly trust: TrustView;
};

type ServiceCounts = {
  readonly total: number;
  readonly serving: number;
  readonly stale: number;
  readonly quarantined: number;
  readonly pending: number;
};

export type ServiceView = {
  readonly key: RouteKey;
  readonly name: string;
  readonly url: string;
  readonly export: boolean;
  readonly state: "pending" | "serving" | "stale" | "quarantined";
  readonly problems: readonly Problem[];
  readonly schema: KnownSchema | undefined;
  readonly attemptedAt: number | undefined;
  readonly failures: number;
};

export type RouteView = Route & { readonly used: boolean; readonly reasons: readonly Problem[] };

export type GatewayView = {
  readonly address: string;
  readonly embedded: boolean;
  readonly connected: boolean;
  readonly problems: readonly Problem[];
  readonly acknowledgedAt: number | undefined;
  readonly desiredRevision: Revision | undefined;
  readonly inSync: boolean;
  readonly status: GatewayStatus | undefined;
};

export type SchemaView = { readonly supergraphSdl: string; readonly apiSdl: string; readonly digest: string };

/** The listeners that are for clients. */
const clients: ReadonlySet<string> = new Set(["graphql", "graphql-tls", "jwks"]);

export function viewNode(node: Node): NodeView {
  const gateway = viewGateway(node);
  const auth = viewAuth(node);
  const services = viewServices(node);
  const degraded = services.flatMap(({ problems }) => problems);
  return {
    ...node.self,
    organization: node.config.organization,
    node: node.config.node,
    ready: isReady(node),
    reasons: [
      ...gateway.problems,
      ...(gateway.status?.certificate?.problems ?? []),
      ...trustProblems(node),
      ...degraded,
    ],
    listeners: [
      ...node.listeners,
      ...[...(gateway.status?.listeners ?? []), ...(auth?.status?.listeners ?? [])].filter(({ name }) =>
        clients.has(name),
      ),
    ],
    services: count(node, services),
    gateway,
    auth,
    trust: viewTrust(node),
  };
}

export function viewServices(node: Node): readonly ServiceView[] {
  return [...node.services.values()].map((service) => viewService(node, service));
}

export function viewRoutes(node: Node): readonly RouteView[] {
  const services = new Map(viewServices(node).map((service) => [service.key, service]));
  return keys(node.offers).flatMap((key) =>
    candidates(node.offers, key).map(([, route]) => {
      const service = services.get(key);
      const used = service?.state === "serving" || service?.state === "stale";
      return Object.assign({}, route, { used, reasons: used ? [] : (service?.problems ?? []) });
    }),
  );
}

export function viewGateway(node: Node): GatewayView {
  const { link, acknowledgedAt, epoch, number } = node.gateway;
  const status = link.kind === "connected" ? link.status : link.last;
  const desired = desiredSections(node);
  const problems = gatewayProblems(node);
  return {
    address: node.config.gateway.rpc.address,
    embedded: node.config.gateway.embedded,
    connected: link.kind === "connected",
    problems,
    acknowledgedAt,
    desiredRevision: number === 0 ? undefined : { epoch, number },
    inSync:
      link.kind === "connected" &&
      node.composing.result !== undefined &&
      sectionNames.every((name) => [undefined, servedDigest(link.status, name)].includes(desired[name]?.digest)),
    status,
  };
}

export function viewSchema(node: Node): SchemaView {
  const supergraph = node.composing.result?.outcome.supergraph;
  if (supergraph === undefined)
    return { supergraphSdl: "", apiSdl: "type Query {\n  _catalyst: String\n}\n", digest: "" };
  return { supergraphSdl: supergraph.sdl, apiSdl: supergraph.apiSdl, digest: supergraph.digest };
}

/** Nothing is being fetched or composed: what is shown of these services will stay for now. */
export function isAtRest(node: Node, services: Iterable<string>): boolean {
  return node.composing.run === undefined && [...services].every((name) => node.services.get(name)?.underway !== true);
}

function viewService(node: Node, service: Service): ServiceView {
  const { name, url, export: exported } = service.config;
  const outcome = node.composing.result?.outcome;
  const verdict = service.schema && outcome?.quarantined.get(name);
  const inside = outcome?.services.includes(name) === true;
  const unanswered = service.problem === undefined ? [] : [{ ...service.problem, path: name }];
  const common = {
    key: routeKey(node.config, name),
    name,
    url,
    export: exported,
    schema: service.schema,
    attemptedAt: service.attemptedAt,
    failures: service.failures,
  };
  if (service.schema === undefined) {
    const problems = unanswered.length > 0 ? unanswered : [nodeProblem("CAT-NODE-001", name)];
    return { ...common, state: "pending", problems };
  }
  if (verdict !== undefined) return { ...common, state: "quarantined", problems: [...verdict.problems, ...unanswered] };
  if (!inside) return { ...common, state: "pending", problems: [nodeProblem("CAT-NODE-003", name)] };
  if (!isStale(service)) return { ...common, state: "serving", problems: [] };
  return {
    ...common,
    state: "stale",
    problems: unanswered.length > 0 ? unanswered : [nodeProblem("CAT-NODE-002", name)],
  };
}

function count(node: Node, services: readonly ServiceView[]): ServiceCounts {
  const { link, served } = node.gateway;
  const digest = link.kind === "connected" ? servedDigest(link.status, "schema") : undefined;
  const inside = new Set(digest !== undefined && served?.digest === digest ? served.services : []);
  const of = (state: ServiceView["state"]): number => services.filter((service) => service.state === state).length;
  return {
    total: services.length,
    serving: services.filter(({ name }) => inside.has(name)).length,
    stale: services.filter(({ name, state }) => inside.has(name) && state === "stale").length,
    quarantined: of("quarantined"),
    pending: of("pending"),
  };
}
