import { formatProblem } from "../model/index.ts";
import type { Problem } from "../model/index.ts";
import { desiredSections, schemaOf, sectionNames, type Sections, servedDigest } from "./desired.ts";
import { backoff, type Effect } from "./effects.ts";
import {
  compareRevisions,
  type GatewayStatus,
  newestRevision,
  type Revision,
  type SectionName,
  type SectionResult,
} from "./gateway-status.ts";
import { learned, tell } from "./services.ts";
import { silence } from "./sidecar.ts";
import { type Change, type Link, type Node, type RefusedDigests, unchanged } from "./state.ts";

type Connected = Extract<Link, { kind: "connected" }>;

/** Sends what differs between what is desired and what is served, unless that was refused or is under way. */
export function reconcile(before: Node): Change {
  const node = withServed(before);
  const { link } = node.gateway;
  if (link.kind !== "connected" || link.push.kind !== "idle" || !isOurs(node, link.status)) return unchanged(node);
  return push(node, link, 0);
}

/** The time to try again has come. */
export function retryPush(node: Node): Change {
  const { link } = node.gateway;
  if (link.kind !== "connected" || link.push.kind !== "waiting" || !isOurs(node, link.status)) return unchanged(node);
  return push(node, link, link.push.failures);
}

/** A new connection: whatever was under way on the old one is void. */
export function connected(before: Node, status: GatewayStatus, at: number): Change {
  const node = heard(before, status, at);
  const { link } = node.gateway;
  const last = link.kind === "connected" ? link.status : link.last;
  const same = last?.instanceId === status.instanceId;
  const refused = same && link.kind === "connected" ? link.refused : {};
  const next: Link = { kind: "connected", status, push: { kind: "idle" }, refused };
  return {
    node: withLink(node, next),
    effects: [
      { kind: "cancelTimer", id: "push" },
      { kind: "cancelTimer", id: "silence:gateway" },
      tell("info", "gateway.connected", "gateway", same ? "connected again" : `connected to ${status.instanceId}`),
      ...(isForeign(node, status)
        ? [tell("error", "gateway.foreign", "gateway", `it belongs to ${status.organization}/${status.node}`)]
        : []),
    ],
  };
}

/** Takes what the gateway tells of itself, unless it is older than what is known. */
export function told(before: Node, status: GatewayStatus, at: number): Change {
  const { link } = before.gateway;
  if (link.kind !== "connected") return unchanged(before);
  if (link.status.instanceId !== status.instanceId) return connected(before, status, at);
  const node = heard(before, status, at);
  return unchanged(isOlder(status, link.status) ? node : withLink(node, { ...link, status }));
}

/** The connection broke, or could not be made; what the gateway serves is not known until it is back. */
export function lost(node: Node, problem: Problem): Change {
  const { link, sidecar } = node.gateway;
  const connecting: Link = { kind: "connecting", problem, last: link.kind === "connected" ? link.status : link.last };
  const next: Node = { ...node, gateway: { ...node.gateway, link: connecting } };
  if (link.kind === "connected") {
    const effects = [
      { kind: "cancelTimer", id: "push" } as const,
      tell("warn", "gateway.lost", "gateway", formatProblem(problem)),
      ...(sidecar.kind === "remote" ? [] : [silence("gateway")]),
    ];
    return { node: next, effects };
  }
  // An embedded one that is being started is not there yet; that is no news.
  const news = sidecar.kind === "remote" && link.problem?.message !== problem.message;
  return { node: next, effects: news ? [tell("warn", "gateway.unreachable", "gateway", formatProblem(problem))] : [] };
}

/** The gateway answered a configuration, section by section. */
export function answered(
  node: Node,
  revision: Revision,
  results: readonly SectionResult[],
  status: GatewayStatus,
  at: number,
): Change {
  const { link } = node.gateway;
  if (!isAnswerTo(link, revision)) return unchanged(node);
  const { sent, failures } = link.push;
  const refused = { ...link.refused };
  for (const { section, outcome } of results) {
    if (outcome === "refused" && sent[section] !== undefined) refused[section] = sent[section];
    else delete refused[section];
  }
  const superseded = results.some(({ outcome }) => outcome === "superseded");
  const next = heard(withLink(node, { ...link, status, refused, push: { kind: "idle" } }), status, at);
  // Neither served nor refused, though answered: somebody else speaks to this gateway. Never in a tight circle.
  const disputed = differing(next, status, refused).some(([section, digest]) => sent[section] === digest);
  if (disputed || superseded) return waiting(next, failures + 1, undefined, tellResults(results));
  return { node: next, effects: tellResults(results) };
}

/** No answer: tried again, ever later. */
export function unanswered(node: Node, revision: Revision, problem: Problem): Change {
  const { link } = node.gateway;
  if (!isAnswerTo(link, revision)) return unchanged(node);
  const effects = [tell("warn", "gateway.unanswered", "gateway", formatProblem(problem))];
  return waiting(node, link.push.failures + 1, problem, effects);
}

/** The sections whose desired digest is neither served nor refused, with that digest. */
export function outstanding(node: Node): readonly (readonly [SectionName, string])[] {
  const { link } = node.gateway;
  return link.kind === "connected" ? differing(node, link.status, link.refused) : [];
}

/**
 * It is the process that we have to do with: not that of another node, and not one that was found on our socket
 * and may be on its way out.
 */
export function isOurs(node: Node, status: GatewayStatus): boolean {
  const { sidecar } = node.gateway;
  const ourProcess = sidecar.kind === "remote" || (sidecar.kind === "running" && sidecar.pid === status.pid);
  return ourProcess && !isForeign(node, status);
}

/** It has an identity, and that is not ours. */
export function isForeign({ config }: Node, { organization, node }: GatewayStatus): boolean {
  return organization !== "" && (organization !== config.organization || node !== config.node);
}

function differing(
  node: Node,
  status: GatewayStatus,
  refused: RefusedDigests,
): readonly (readonly [SectionName, string])[] {
  const desired = desiredSections(node);
  return sectionNames.flatMap((section) => {
    const digest = desired[section]?.digest;
    if (digest === undefined || digest === servedDigest(status, section) || digest === refused[section]) return [];
    const told = status.refusals.some((refusal) => refusal.section === section && refusal.digest === digest);
    return told ? [] : [[section, digest] as const];
  });
}

function push(node: Node, link: Connected, failures: number): Change {
  const changed = differing(node, link.status, link.refused);
  if (changed.length === 0) {
    return unchanged(link.push.kind === "idle" ? node : withLink(node, { ...link, push: { kind: "idle" } }));
  }
  const revision = nextRevision(node, link.status);
  const sent = Object.fromEntries(changed);
  const next = withLink(node, { ...link, push: { kind: "underway", revision, failures, sent } });
  const current: Node = { ...next, gateway: { ...next.gateway, ...revision } };
  const newEpoch = revision.epoch !== node.gateway.epoch;
  return {
    node: current,
    effects: [
      ...(newEpoch ? [{ kind: "persist", learned: learned(current) } as const] : []),
      { kind: "configureGateway", revision, sections: pick(desiredSections(node), changed) },
    ],
  };
}

/** Our epoch, unless the gateway knows a greater one, or this one from somebody before us. */
function nextRevision({ gateway }: Node, status: GatewayStatus): Revision {
  const newest = newestRevision(status);
  const taken =
    newest !== undefined && (gateway.number === 0 ? newest.epoch >= gateway.epoch : newest.epoch > gateway.epoch);
  return taken ? { epoch: newest.epoch + 1, number: 1 } : { epoch: gateway.epoch, number: gateway.number + 1 };
}

function waiting(node: Node, failures: number, problem: Problem | undefined, effects: readonly Effect[]): Change {
  const { link } = node.gateway;
  if (link.kind !== "connected") return unchanged(node);
  const ms = backoff(failures, 200, 10_000);
  return {
    node: withLink(node, { ...link, push: { kind: "waiting", failures, problem } }),
    effects: [...effects, { kind: "startTimer", id: "push", ms, spread: 0.2 }],
  };
}

/** Notes which services are inside the schema that is served, while it is known. */
function withServed(node: Node): Node {
  const { link, served } = node.gateway;
  const outcome = node.composing.result?.outcome;
  const digest = link.kind === "connected" ? servedDigest(link.status, "schema") : undefined;
  if (outcome === undefined || digest === undefined || schemaOf(outcome).digest !== digest) return node;
  if (served?.digest === digest && served.services === outcome.services) return node;
  return { ...node, gateway: { ...node.gateway, served: { digest, services: outcome.services } } };
}

function withLink(node: Node, link: Connected): Node {
  return { ...node, gateway: { ...node.gateway, link } };
}

function isAnswerTo(
  link: Link,
  revision: Revision,
): link is Connected & { readonly push: { readonly kind: "underway" } } {
  return (
    link.kind === "connected" && link.push.kind === "underway" && compareRevisions(link.push.revision, revision) === 0
  );
}

/** Every word of a gateway of ours acknowledges what it serves; while nothing changes it speaks once in 10 s. */
function heard(node: Node, status: GatewayStatus, at: number): Node {
  return isForeign(node, status) ? node : { ...node, gateway: { ...node.gateway, acknowledgedAt: at } };
}

function isOlder(status: GatewayStatus, known: GatewayStatus): boolean {
  const [a, b] = [newestRevision(status), newestRevision(known)];
  return b !== undefined && (a === undefined || compareRevisions(a, b) < 0);
}

function pick(sections: Partial<Sections>, changed: readonly (readonly [SectionName, string])[]): Partial<Sections> {
  return Object.fromEntries(changed.map(([section]) => [section, sections[section]]));
}

function tellResults(results: readonly SectionResult[]): readonly Effect[] {
  const of = (outcome: SectionResult["outcome"]): string =>
    results.flatMap((result) => (result.outcome === outcome ? [result.section] : [])).join(", ");
  const refusals = results.filter(({ outcome }) => outcome === "refused");
  return [
    ...(of("applied") === "" ? [] : [tell("info", "gateway.configured", "gateway", `applied ${of("applied")}`)]),
    ...(of("superseded") === ""
      ? []
      : [tell("warn", "gateway.superseded", "gateway", `superseded ${of("superseded")}`)]),
    ...refusals.map(({ section, problems }) =>
      tell("error", "gateway.refused", "gateway", `refused ${section}: ${problems.map(formatProblem).join("; ")}`),
    ),
  ];
}
