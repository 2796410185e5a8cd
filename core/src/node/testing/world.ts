import assert from "node:assert/strict";
import type { Problem } from "../../model/index.ts";
import { type Attempt, type Subgraph, supergraphProblem } from "../../supergraph/index.ts";
import type { NodeConfig } from "../../config/index.ts";
import type { Effect, TimerId } from "../effects.ts";
import type { Event } from "../events.ts";
import type { IssuerKeys } from "../issuers.ts";
import { type SidecarName, sidecarOf } from "../sidecars.ts";
import type { Learned, Node, State } from "../state.ts";
import { servedDigest } from "../desired.ts";
import { newNode, step } from "../step.ts";
import { viewServices } from "../view.ts";
import { ModelAuth } from "./auth.ts";
import { nodeConfig, nothingLearned, self } from "./configuration.ts";
import { ModelGateway } from "./gateway.ts";
import { lineOfEffect, lineOfEvent } from "./transcript.ts";

type Slow = Extract<
  Effect,
  { kind: "fetchSdl" | "compose" | "configureGateway" | "startSidecar" | "killSidecar" | "stopSidecar" }
>;
export type Work = Slow | { readonly kind: "connect"; readonly sidecar: SidecarName };

const down: Problem = { code: "CAT-SERVICE-001", path: "", message: "connection refused" };

/**
 * The world around a node, in miniature: services that are up or down, a composer with simple laws, a
 * gateway that keeps its contract. Every answer waits until the test delivers it, in any order.
 */
export class World {
  state: State = newNode;
  /** What was asked for and not answered yet. */
  work: Work[] = [];
  readonly timers = new Map<TimerId, number>();
  /** Service -> its SDL; absent: down. `wrong` in it is wrong alone, `!b` contradicts b, `killer` kills the composer. */
  readonly sdl = new Map<string, string>();
  /** The machine has no time for the composer: it dies of whatever it is given. */
  busy = false;
  gateway = new ModelGateway();
  auth = new ModelAuth();
  learned: Learned = nothingLearned;
  ready = 0;
  finished: { readonly failed: Problem | undefined } | undefined;
  readonly transcript: string[] = [];
  #time = 0;
  readonly #linked = new Set<SidecarName>();

  /** Starts a node: a first one, or one after the last was killed. What is under way of the old one is lost. */
  configure(config: NodeConfig, issuers: readonly IssuerKeys[] = []): void {
    this.state = newNode;
    this.work = [];
    this.timers.clear();
    this.#linked.clear();
    this.ready = 0;
    this.dispatch({ kind: "configured", config, self, learned: this.learned, issuers });
    if (!config.gateway.embedded) this.work.push({ kind: "connect", sidecar: "gateway" });
    if (config.auth.mode === "remote") this.work.push({ kind: "connect", sidecar: "auth" });
  }

  get node(): Node {
    assert.ok(this.state.phase === "running" || this.state.phase === "stopping", this.state.phase);
    return this.state.node;
  }

  dispatch(event: Event): void {
    this.transcript.push(lineOfEvent(event));
    const next = step(this.state, event, ++this.#time);
    this.state = next.state;
    for (const effect of next.effects) this.#perform(effect);
  }

  fire(id: TimerId): void {
    assert.ok(this.timers.delete(id), `the timer ${id} runs`);
    this.dispatch({ kind: "timerFired", id });
  }

  /** Answers the oldest work of this kind, or the given one. */
  deliver(chosen: Work["kind"] | number): void {
    const index = typeof chosen === "number" ? chosen : this.work.findIndex(({ kind }) => kind === chosen);
    const [work] = this.work.splice(index, 1);
    assert.ok(work !== undefined && index >= 0, `${chosen} is under way`);
    this.#answer(work);
  }

  /** Delivers everything, and fires the timers that the node waits for, until nothing moves. */
  rest(): void {
    for (let moves = 0; moves < 2_000; moves++) {
      const waiting = (["settle", "push", "start:gateway", "start:auth"] as const).find((id) => this.timers.has(id));
      if (this.work.length > 0) this.deliver(0);
      else if (waiting !== undefined) this.fire(waiting);
      else return;
    }
    assert.fail("the node does not come to rest");
  }

  killGateway(): void {
    this.kill("gateway");
  }

  kill(sidecar: SidecarName): void {
    const killed = this[sidecar];
    if (!killed.alive) return;
    killed.alive = false;
    const { pid } = killed.status;
    const node = this.state.phase === "running" ? this.state.node : undefined;
    const kept = node && sidecarOf(node, sidecar);
    if (this.#linked.has(sidecar)) this.dispatch(lost(sidecar));
    this.#linked.delete(sidecar);
    if (kept?.kind === "running" && !kept.adopted)
      this.dispatch({ kind: "sidecarExited", sidecar, pid, code: undefined });
  }

  /** Auth tells what verifiers have to know by now, if anybody listens. */
  tellTrust(): void {
    if (this.#linked.has("auth")) this.dispatch({ kind: "authTold", trust: this.auth.trust });
  }

  #perform(effect: Effect): void {
    this.transcript.push(lineOfEffect(effect));
    switch (effect.kind) {
      case "fetchSdl":
      case "configureGateway":
      case "startSidecar":
      case "killSidecar":
      case "stopSidecar":
        this.work.push(effect);
        return;
      case "compose":
        this.work = [...this.work.filter(({ kind }) => kind !== "compose"), effect];
        return;
      case "persist":
        this.learned = effect.learned;
        return;
      case "startTimer":
        this.timers.set(effect.id, effect.ms);
        return;
      case "cancelTimer":
        this.timers.delete(effect.id);
        return;
      case "announceReady":
        this.ready++;
        return;
      case "finish":
        this.finished = { failed: effect.failed };
        return;
      case "tell":
    }
  }

  #answer(work: Work): void {
    switch (work.kind) {
      case "fetchSdl":
        return this.#fetch(work.service.name);
      case "compose":
        return this.dispatch({
          kind: "composed",
          ticket: work.ticket,
          attempt: this.busy ? late : composeModel(work.subgraphs),
        });
      case "configureGateway":
        return this.#configureGateway(work);
      case "startSidecar":
        return this.#start(work.sidecar);
      case "killSidecar":
        return this.kill(work.sidecar);
      case "stopSidecar":
        this[work.sidecar].alive = false;
        return this.dispatch({ kind: "sidecarStopped", sidecar: work.sidecar });
      case "connect":
        return this.#connect(work.sidecar);
    }
  }

  #connect(sidecar: SidecarName): void {
    if (this.#linked.has(sidecar)) return;
    // An attempt to connect that fails is told, and be it only the first one since a start.
    if (!this[sidecar].alive) return this.dispatch(lost(sidecar));
    this.#linked.add(sidecar);
    const { status, trust } = this.auth;
    if (sidecar === "auth") this.dispatch({ kind: "authConnected", status, trust });
    else this.dispatch({ kind: "gatewayConnected", status: this.gateway.status });
  }

  #fetch(service: string): void {
    const sdl = this.sdl.get(service);
    if (sdl === undefined) return this.dispatch({ kind: "sdlFailed", service, problem: down });
    const schema = { sdl, sha256: `sha-${sdl}`, bytes: sdl.length, source: "federation" } as const;
    this.dispatch({ kind: "sdlFetched", service, schema });
  }

  #configureGateway({ revision, sections }: Extract<Work, { kind: "configureGateway" }>): void {
    if (!this.gateway.alive) {
      return this.dispatch({ kind: "gatewayUnanswered", revision, problem: { ...down, code: "CAT-RPC-010" } });
    }
    const results = this.gateway.configure(revision, sections);
    this.dispatch({ kind: "gatewayAnswered", revision, results, status: this.gateway.status });
  }

  #start(sidecar: SidecarName): void {
    const adopted = this[sidecar].alive;
    const pid = adopted ? this[sidecar].status.pid : this[sidecar].start();
    this.work.push({ kind: "connect", sidecar });
    this.dispatch({ kind: "sidecarStarted", sidecar, pid, adopted });
  }
}

function lost(sidecar: SidecarName): Event {
  return { kind: `${sidecar}Lost`, problem: { ...down, code: "CAT-RPC-010" } };
}

const late: Attempt = { kind: "died", reason: "took longer than 10 s" };

/** Composes by the laws that `World.sdl` names. */
function composeModel(subgraphs: readonly Subgraph[]): Attempt {
  if (subgraphs.some(({ sdl }) => sdl.includes("killer"))) return late;
  const wrong = subgraphs.filter(({ sdl }) => sdl.includes("wrong"));
  const conflicts = subgraphs.flatMap(({ name, sdl }) =>
    subgraphs
      .filter((other) => sdl.includes(`!${other.name}`))
      .map((other) => supergraphProblem("CAT-SUPERGRAPH-004", "", `"Query.x" is in "${name}" and "${other.name}"`)),
  );
  if (wrong.length > 0 || conflicts.length > 0) {
    const problems = wrong.map(({ name }) => supergraphProblem("CAT-SUPERGRAPH-003", name, "Unknown type T"));
    return { kind: "rejected", wrong: problems, conflicts };
  }
  const sdl = subgraphs.map(({ name, sdl }) => `${name}=${sdl}`).join(" ");
  return { kind: "composed", supergraph: { sdl, apiSdl: sdl, digest: `sha-${sdl}` } };
}

/** By service, as it is shown. */
export const states = (world: World): Record<string, string> =>
  Object.fromEntries(viewServices(world.node).map(({ name, state }) => [name, state]));

/** The digest of the schema that the gateway serves. */
export const served = (world: World): string | undefined => servedDigest(world.gateway.status, "schema");

/** A node of these services that has come to rest. */
export function started(sdl: Readonly<Record<string, string>>, services = Object.keys(sdl)): World {
  const world = new World();
  for (const [name, text] of Object.entries(sdl)) world.sdl.set(name, text);
  world.configure(nodeConfig(services));
  world.rest();
  return world;
}
