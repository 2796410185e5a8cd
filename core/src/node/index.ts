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
export { type Strangeness, strangeness } from "./sidecar.ts";
export type { Learned, LearnedService, Node, SchemaSource, Self, State } from "./state.ts";
export { isReady, newNode, step, type Step } from "./step.ts";
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
