export type { AuthKey, AuthStatus, OwnTrust } from "./auth-status.ts";
export type { IdentitySection, Sections } from "./desired.ts";
export { type Effect, type TimerId } from "./effects.ts";
export { type Event, type FetchedSchema } from "./events.ts";
export type {
  GatewayCounters,
  GatewayMode,
  GatewayStatus,
  Listener,
  Refusal,
  Revision,
  SectionName,
  SectionResult,
  SectionStatus,
} from "./gateway-status.ts";
export { nodeProblem, nodeProblems } from "./problems.ts";
export { type SidecarName, sidecars } from "./sidecars.ts";
export { authStrangeness, type Strangeness, strangeness } from "./strangeness.ts";
export type { IssuerKeys } from "./issuers.ts";
export { isReady } from "./readiness.ts";
export type { Learned, LearnedService, Node, SchemaSource, Self, State, Step } from "./state.ts";
export { newNode, step } from "./step.ts";
export { hasTaken, publishedKeys } from "./published.ts";
export { type TrustSection } from "./trust-section.ts";
export {
  type GatewayView,
  isAtRest,
  type NodeView,
  type RouteView,
  type SchemaView,
  type ServiceView,
  viewGateway,
  viewNode,
  viewRoutes,
  viewSchema,
  viewServices,
} from "./view.ts";
export type { AuthView, TrustView } from "./view-trust.ts";
