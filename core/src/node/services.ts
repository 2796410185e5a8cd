import { routeKey } from "../model/index.ts";
import type { Problem } from "../model/index.ts";
import { learn } from "../routing/index.ts";
import { backoff, type Effect } from "./effects.ts";
import type { FetchedSchema } from "./events.ts";
import { type Change, type Learned, type Node, type Service, unchanged } from "./state.ts";

/** First wait after a failed fetch, in milliseconds; doubled up to the service's interval. */
const firstRetryMs = 250;
/** So that the services of many nodes are not asked all at once. */
const spread = 0.2;
/** How long the first composition waits for the others once one service has answered, in milliseconds. */
const settleMs = 300;

/** A service answered: its schema is fresh; a new text is kept for the next start. */
export function fetched(node: Node, name: string, schema: FetchedSchema, at: number): Change {
  const service = node.services.get(name);
  if (service === undefined) return unchanged(node);
  const changed = service.schema?.sha256 !== schema.sha256;
  const first = !node.services.values().some(({ attempts, failures }) => attempts > failures);
  const next = withService(node, {
    ...ended(service, at),
    schema: { ...schema, fetchedAt: at, restored: false },
    failures: 0,
    problem: undefined,
  });
  return {
    node: next,
    effects: [
      timer(service, service.config.schema.interval),
      ...(first && !node.settleElapsed ? [settleTimer(settleMs)] : []),
      ...(changed ? [{ kind: "persist", learned: learned(next) } as const] : []),
      ...tellFetched(service, changed),
    ],
  };
}

/** A service did not answer: what is known of it stays, and it is asked again, ever later. */
export function failed(node: Node, name: string, problem: Problem, at: number): Change {
  const service = node.services.get(name);
  if (service === undefined) return unchanged(node);
  const failures = service.failures + 1;
  const again = backoff(failures, firstRetryMs, service.config.schema.interval);
  const known = service.problem?.code === problem.code && service.problem.message === problem.message;
  return {
    node: withService(node, { ...ended(service, at), failures, problem }),
    effects: [
      timer(service, again),
      ...(known ? [] : [tell("warn", "service.unanswered", name, `${problem.code} ${problem.message}`)]),
    ],
  };
}

/** Asks these services now, instead of when their timers fire. */
export function ask(node: Node, names: Iterable<string>): Change {
  const idle = [...names].flatMap((name) => {
    const service = node.services.get(name);
    return service === undefined || service.underway ? [] : [service];
  });
  return {
    node: idle.reduce((next, service) => withService(next, { ...service, underway: true }), node),
    effects: idle.flatMap(({ config }): readonly Effect[] => [
      { kind: "cancelTimer", id: `fetch:${config.name}` },
      { kind: "fetchSdl", service: config },
    ]),
  };
}

/** The services of the configuration, with what was learned of each before. */
export function recall(node: Node, { services }: Learned): Node {
  return node.config.services.reduce((next, config) => {
    const known = services.find(({ name, url }) => name === config.name && url === config.url);
    const { name: _name, url: _url, ...schema } = known ?? { name: "", url: "" };
    return withService(next, {
      config,
      schema: "sdl" in schema ? { ...schema, restored: true } : undefined,
      underway: false,
      attempts: 0,
      attemptedAt: undefined,
      failures: 0,
      problem: undefined,
    });
  }, node);
}

/** What is kept for the next start. */
export function learned(node: Node): Learned {
  return {
    epoch: node.gateway.epoch,
    trust: ownTrust(node),
    services: node.services
      .values()
      .flatMap(({ config: { name, url }, schema }) => {
        if (schema === undefined) return [];
        const { restored: _restored, ...known } = schema;
        return [{ name, url, ...known }];
      })
      .toArray(),
  };
}

function ownTrust({ auth }: Node): Learned["trust"] {
  if (auth?.trust === undefined) return undefined;
  const { issuer, revocations, version } = auth.trust;
  return { issuer, revocations, version };
}

/** Its schema may be older than the service. */
export function isStale({ schema, failures }: Service): boolean {
  return schema !== undefined && (schema.restored || failures > 0);
}

export function settleTimer(ms: number): Effect {
  return { kind: "startTimer", id: "settle", ms, spread: 0 };
}

export function tell(
  level: "info" | "warn" | "error",
  event: string,
  subject: string,
  message: string,
): Extract<Effect, { kind: "tell" }> {
  return { kind: "tell", level, event, subject, message };
}

function withService(node: Node, service: Service): Node {
  const { name, url, subscriptions, export: exported } = service.config;
  const key = routeKey(node.config, name);
  const stale = isStale(service);
  return {
    ...node,
    services: new Map(node.services).set(name, service),
    offers: learn(node.offers, "local", {
      key,
      service: name,
      protocol: "graphql-http",
      url,
      subscriptions,
      export: exported,
      stale,
    }),
  };
}

function ended(service: Service, at: number): Service {
  return { ...service, underway: false, attempts: service.attempts + 1, attemptedAt: at };
}

function timer({ config: { name } }: Service, ms: number): Effect {
  return { kind: "startTimer", id: `fetch:${name}`, ms, spread };
}

function tellFetched(service: Service, changed: boolean): readonly Effect[] {
  const { name } = service.config;
  if (changed)
    return [tell("info", "service.schema", name, service.schema ? "its schema changed" : "its schema is known")];
  return service.failures > 0 ? [tell("info", "service.answered", name, "it answers again")] : [];
}
