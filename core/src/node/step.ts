import { noManifest, type Problem } from "../model/index.ts";
import { compose, composeAgain, composed, nothingComposed } from "./composing.ts";
import { allAsked } from "./desired.ts";
import type { Effect, TimerId } from "./effects.ts";
import type { Event } from "./events.ts";
import type { SectionName } from "./gateway-status.ts";
import { manifestRead, manifestRefused } from "./manifest.ts";
import { answered, connected, isOurs, lost, outstanding, reconcile, retryPush, told, unanswered } from "./reconcile.ts";
import { ask, failed, fetched, learned, recall, settleTimer } from "./services.ts";
import { exited, notStarted, seen, silent, started, unseen } from "./sidecar.ts";
import { type Change, type Node, type State, unchanged } from "./state.ts";

export type Step = { readonly state: State; readonly effects: readonly Effect[] };

/** A node before its configuration. */
export const newNode: State = { phase: "new" };

/** The first composition waits at most this long for anybody to answer, in milliseconds. */
const settleAtMostMs = 1_000;

/**
 * Decides what one event means. Pure: the time (milliseconds of the epoch) comes beside the event, work
 * leaves as effects. What means nothing in a state changes nothing.
 */
export function step(state: State, event: Event, at: number): Step {
  switch (state.phase) {
    case "new":
      return event.kind === "configured" ? begin(event) : { state, effects: [] };
    case "running":
      return running(state.node, event, at);
    case "stopping":
      if (event.kind !== "gatewayStopped") return { state, effects: [] };
      return { state: { phase: "stopped" }, effects: [{ kind: "finish", failed: state.failed }] };
    case "stopped":
      return { state, effects: [] };
  }
}

function begin({ config, self, learned: known, manifest = noManifest }: Extract<Event, { kind: "configured" }>): Step {
  const embedded = config.gateway.embedded;
  const node = recall(
    {
      config,
      self,
      listeners: [],
      services: new Map(),
      offers: new Map(),
      settleElapsed: false,
      composing: nothingComposed,
      gateway: {
        epoch: known.epoch + 1,
        number: 0,
        sidecar: embedded ? { kind: "starting", failures: 0, problem: undefined } : { kind: "remote" },
        link: { kind: "connecting", problem: undefined, last: undefined },
        acknowledgedAt: undefined,
        served: undefined,
      },
      announced: false,
      manifest,
    },
    known,
  );
  const asked = ask(node, node.services.keys());
  const derived = derive({
    node: asked.node,
    effects: [
      ...(embedded ? [{ kind: "startGateway" } as const] : []),
      ...asked.effects,
      settleTimer(settleAtMostMs),
      { kind: "persist", learned: learned(node) },
    ],
  });
  return { state: { phase: "running", node: derived.node }, effects: derived.effects };
}

function running(node: Node, event: Event, at: number): Step {
  switch (event.kind) {
    case "configured":
    case "gatewayStopped":
      return after(unchanged(node));
    case "stopRequested":
      return stop(node, undefined);
    case "listening":
      return after(unchanged({ ...node, listeners: event.listeners }));
    case "manifestRead":
      return after(manifestRead(node, event.manifest));
    case "manifestRefused":
      return after(manifestRefused(node, event.problems));
    case "sdlFetched":
      return after(fetched(node, event.service, event.schema, at));
    case "sdlFailed":
      return after(failed(node, event.service, event.problem, at));
    case "refreshRequested":
      return after(ask(node, event.services));
    case "composed":
      return after(composed(node, event.ticket, event.attempt));
    case "gatewayStarted":
      return after(started(node, event.pid, event.adopted));
    case "gatewayNotStarted":
      return after(notStarted(node, event.problem));
    case "gatewayExited": {
      const change = exited(node, event.pid, event.code);
      return change.failed === undefined ? after(change) : stop(change.node, change.failed);
    }
    case "gatewayConnected":
      return after(connected(seen(node), event.status, at));
    case "gatewayTold":
      return after(told(node, event.status, at));
    case "gatewayLost":
      return after(then(lost(node, event.problem), unseen));
    case "gatewayAnswered":
      return after(answered(node, event.revision, event.results, event.status, at));
    case "gatewayUnanswered":
      return after(unanswered(node, event.revision, event.problem));
    case "timerFired":
      return after(fired(node, event.id));
  }
}

function fired(node: Node, id: TimerId): Change {
  switch (id) {
    case "settle":
      return unchanged({ ...node, settleElapsed: true });
    case "push":
      return retryPush(node);
    case "compose":
      return composeAgain(node);
    case "silence":
      return silent(node);
    case "gateway":
      return { node, effects: node.gateway.sidecar.kind === "starting" ? [{ kind: "startGateway" }] : [] };
    default:
      return ask(node, [id.slice("fetch:".length)]);
  }
}

function after(change: Change): Step {
  const { node, effects } = derive(change);
  return { state: { phase: "running", node }, effects };
}

/** Derives what follows from what changed; nothing changed, nothing is done. */
function derive(change: Change): Change {
  return then(then(then(change, compose), reconcile), announce);
}

function then(change: Change, verb: (node: Node) => Change): Change {
  const next = verb(change.node);
  return { node: next.node, effects: [...change.effects, ...next.effects] };
}

function announce(node: Node): Change {
  if (node.announced || !isReady(node) || !isSettled(node)) return unchanged(node);
  return { node: { ...node, announced: true }, effects: [{ kind: "announceReady" }] };
}

/** The gateway answers, and has served a configuration of every section. */
export function isReady(node: Node): boolean {
  const { link } = node.gateway;
  if (link.kind !== "connected" || !isOurs(node, link.status)) return false;
  const served = new Set<SectionName>(link.status.sections.map(({ section }) => section));
  return served.has("identity") && served.has("schema") && served.has("endpoints");
}

/** Nothing of what can be had now is still on its way to the gateway. */
function isSettled(node: Node): boolean {
  const { link } = node.gateway;
  const decided = node.composing.run === undefined && node.composing.result !== undefined;
  // While a gateway serves and not all were asked, the schema is not decided (see desired.ts).
  const asked = allAsked(node) || node.settleElapsed;
  return decided && asked && link.kind === "connected" && link.push.kind === "idle" && outstanding(node).length === 0;
}

function stop(node: Node, failed: Problem | undefined): Step {
  const timers: readonly TimerId[] = [
    "settle",
    "push",
    "compose",
    "gateway",
    ...node.services.keys().map((name) => `fetch:${name}` as const),
  ];
  const effects: readonly Effect[] = [
    ...timers.map((id): Effect => ({ kind: "cancelTimer", id })),
    { kind: "persist", learned: learned(node) },
  ];
  if (node.gateway.sidecar.kind === "remote") {
    return { state: { phase: "stopped" }, effects: [...effects, { kind: "finish", failed }] };
  }
  return { state: { phase: "stopping", node, failed }, effects: [...effects, { kind: "stopGateway" }] };
}
