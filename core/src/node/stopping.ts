import type { Problem } from "../model/index.ts";
import type { Effect, TimerId } from "./effects.ts";
import { learned } from "./services.ts";
import { type SidecarName, sidecarOf } from "./sidecars.ts";
import type { Node, State, Step } from "./state.ts";

/** The gateway first: what is in flight there may still want something signed. */
const order: readonly SidecarName[] = ["gateway", "auth"];

/** Ends a node: no timer fires any more, what was learned is kept, the embedded sidecars are stopped in turn. */
export function stop(node: Node, failed: Problem | undefined): Step {
  const timers: readonly TimerId[] = [
    "settle",
    "push",
    "compose",
    ...order.map((name) => `start:${name}` as const),
    ...node.services.keys().map((name) => `fetch:${name}` as const),
  ];
  const { state, effects } = stopFrom(order, node, failed);
  return {
    state,
    effects: [
      ...timers.map((id): Effect => ({ kind: "cancelTimer", id })),
      { kind: "persist", learned: learned(node) },
      ...effects,
    ],
  };
}

/** One sidecar is gone: the next one's turn, or the end. */
export function stopNext({ node, failed, awaited }: Extract<State, { phase: "stopping" }>): Step {
  return stopFrom(order.slice(order.indexOf(awaited) + 1), node, failed);
}

function stopFrom(names: readonly SidecarName[], node: Node, failed: Problem | undefined): Step {
  const awaited = names.find((name) => ![undefined, "remote"].includes(sidecarOf(node, name)?.kind));
  if (awaited === undefined) return { state: { phase: "stopped" }, effects: [{ kind: "finish", failed }] };
  return {
    state: { phase: "stopping", node, failed, awaited },
    effects: [{ kind: "stopSidecar", sidecar: awaited }],
  };
}
