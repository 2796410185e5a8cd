import { noManifest } from "../model/index.ts";
import { authConnected, authLost, authShown, authTold, newAuth } from "./auth.ts";
import { compose, composeAgain, composed, nothingComposed } from "./composing.ts";
import type { TimerId } from "./effects.ts";
import type { Event } from "./events.ts";
import { issuerRead, issuerRefused, readIssuers } from "./issuers.ts";
import { manifestRead, manifestRefused } from "./manifest.ts";
import { isReady, isSettled } from "./readiness.ts";
import { answered, connected, lost, reconcile, retryPush, told, unanswered } from "./reconcile.ts";
import { ask, failed, fetched, learned, recall, settleTimer } from "./services.ts";
import { exited, notStarted, seen, silent, startAgain, started, unseen } from "./sidecar.ts";
import { type Change, type Node, type State, type Step, unchanged } from "./state.ts";
import { stop, stopNext } from "./stopping.ts";

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
      return event.kind === "sidecarStopped" && event.sidecar === state.awaited
        ? stopNext(state)
        : { state, effects: [] };
    case "stopped":
      return { state, effects: [] };
  }
}

function begin({
  config,
  self,
  learned: known,
  manifest = noManifest,
  issuers = [],
}: Extract<Event, { kind: "configured" }>): Step {
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
      auth: newAuth(config, known),
      issuers: readIssuers(config, issuers),
      announced: false,
      manifest,
    },
    known,
  );
  const asked = ask(node, node.services.keys());
  const derived = derive({
    node: asked.node,
    effects: [
      ...(embedded ? [{ kind: "startSidecar", sidecar: "gateway" } as const] : []),
      ...(config.auth.mode === "embedded" ? [{ kind: "startSidecar", sidecar: "auth" } as const] : []),
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
    case "sidecarStopped":
      return after(unchanged(node));
    case "stopRequested":
      return stop(node, undefined);
    case "listening":
      return after(unchanged({ ...node, listeners: event.listeners }));
    case "manifestRead":
      return after(manifestRead(node, event.manifest));
    case "manifestRefused":
      return after(manifestRefused(node, event.problems));
    case "issuerRead":
      return after(issuerRead(node, event));
    case "issuerRefused":
      return after(issuerRefused(node, event.name, event.problems));
    case "sdlFetched":
      return after(fetched(node, event.service, event.schema, at));
    case "sdlFailed":
      return after(failed(node, event.service, event.problem, at));
    case "refreshRequested":
      return after(ask(node, event.services));
    case "composed":
      return after(composed(node, event.ticket, event.attempt));
    case "sidecarStarted":
      return after(started(node, event.sidecar, event.pid, event.adopted));
    case "sidecarNotStarted":
      return after(notStarted(node, event.sidecar, event.problem));
    case "sidecarExited": {
      const change = exited(node, event.sidecar, event.pid, event.code);
      return change.failed === undefined ? after(change) : stop(change.node, change.failed);
    }
    case "gatewayConnected":
      return after(connected(seen(node, "gateway"), event.status, at));
    case "gatewayTold":
      return after(told(node, event.status, at));
    case "gatewayLost":
      return after(then(lost(node, event.problem), (next) => unseen(next, "gateway")));
    case "gatewayAnswered":
      return after(answered(node, event.revision, event.results, event.status, at));
    case "gatewayUnanswered":
      return after(unanswered(node, event.revision, event.problem));
    case "authConnected":
      return after(authConnected(node, event.status, event.trust));
    case "authTold":
      return after(authTold(node, event.trust));
    case "authShown":
      return after(authShown(node, event.status));
    case "authLost":
      return after(then(authLost(node, event.problem), (next) => unseen(next, "auth")));
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
    case "silence:gateway":
    case "silence:auth":
      return silent(node, id === "silence:auth" ? "auth" : "gateway");
    case "start:gateway":
    case "start:auth":
      return startAgain(node, id === "start:auth" ? "auth" : "gateway");
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
