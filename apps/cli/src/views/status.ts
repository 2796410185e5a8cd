import type { orchestratorV1 } from "@catalyst-node/adapters/rpc";
import { type Style, renderFields } from "../table.ts";
import { formatAge, isoTime, secondsSince } from "../times.ts";
import { type AuthItem, authFields, authItem } from "./auth.ts";
import { type GatewayItem, gatewayItem } from "./gateway.ts";
import { type ProblemItem, problemItem, problemLine } from "./problem.ts";
import { paintState } from "./state.ts";
import { type TrustItem, trustItem, trustText } from "./trust.ts";

/** A node as `-o json` shows it. */
export type StatusItem = {
  readonly organization: string;
  readonly node: string;
  readonly version: string;
  readonly instanceId: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly secondsSinceStarted: number | null;
  readonly ready: boolean;
  readonly reasons: readonly ProblemItem[];
  readonly listeners: readonly { readonly name: string; readonly url: string }[];
  readonly services: Readonly<Record<"total" | "serving" | "stale" | "quarantined" | "pending", number>>;
  readonly gateway: GatewayItem | null;
  /** Null where the node has none. */
  readonly auth: AuthItem | null;
  /** Null when the node is of a version that does not tell. */
  readonly trust: TrustItem | null;
};

export function statusItem(status: orchestratorV1.NodeStatus, now: Date): StatusItem {
  const { total = 0, serving = 0, stale = 0, quarantined = 0, pending = 0 } = status.services ?? {};
  return {
    organization: status.organization,
    node: status.node,
    version: status.version,
    instanceId: status.instanceId,
    pid: status.pid,
    startedAt: isoTime(status.startedAt),
    secondsSinceStarted: secondsSince(status.startedAt, now) ?? null,
    ready: status.ready,
    reasons: status.reasons.map(problemItem),
    listeners: status.listeners.map(({ name, url }) => ({ name, url })),
    services: { total, serving, stale, quarantined, pending },
    gateway: status.gateway ? gatewayItem(status.gateway, now) : null,
    auth: status.auth ? authItem(status.auth, now) : null,
    trust: status.trust ? trustItem(status.trust) : null,
  };
}

/** The node at a glance: whether it is ready comes from what was acknowledged, never from what is configured. */
export function statusText(item: StatusItem, style: Style): string {
  const ready = item.ready ? "ready" : "not ready";
  return renderFields([
    ["Node", `${item.organization}/${item.node}`],
    ["State", ready],
    ...item.reasons.map((reason) => ["Reason", problemLine(reason)] as const),
    ["Services", servicesText(item.services)],
    ["Gateway", item.gateway ? gatewayLine(item.gateway) : "none"],
    ["Tokens", item.trust ? trustText(item.trust) : ""],
    ...authFields(item.auth),
    ...item.listeners.map(({ name, url }) => ["Listener", `${name} ${url}`] as const),
    ["Up", `${formatAge(item.secondsSinceStarted ?? undefined)} (pid ${item.pid}, version ${item.version})`],
    ["Instance", style.wide ? item.instanceId : ""],
  ]).replace(
    /^(State: +)(.+)$/m,
    (_, name: string, word: string) => name + (style.color ? paintState(word, ready) : word),
  );
}

function servicesText({ total, serving, stale, quarantined, pending }: StatusItem["services"]): string {
  const worse = [
    [stale, "stale"],
    [quarantined, "quarantined"],
    [pending, "pending"],
  ] as const;
  return [
    `${serving} of ${total} serving`,
    ...worse.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`),
  ].join(", ");
}

function gatewayLine({ connection, inSync, secondsSinceAcknowledged, status }: GatewayItem): string {
  const since =
    secondsSinceAcknowledged === null
      ? "never acknowledged"
      : `acknowledged ${formatAge(secondsSinceAcknowledged)} ago`;
  const workers = status?.workers ?? [];
  const serving = workers.filter(({ state }) => state === "serving").length;
  const told = workers.length === 0 ? "" : `, ${serving} of ${workers.length} workers serving`;
  return `${connection}, ${inSync ? "in sync" : "not in sync"}, ${since}${told}`;
}
