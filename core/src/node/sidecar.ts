import { formatProblem } from "../model/index.ts";
import type { Problem } from "../model/index.ts";
import { backoff, type Effect } from "./effects.ts";
import { nodeProblem } from "./problems.ts";
import { tell } from "./services.ts";
import { isConnected, type SidecarName, sidecarOf, sidecars, wasReached, withSidecar } from "./sidecars.ts";
import { type Change, type Node, unchanged } from "./state.ts";

/** What a sidecar may take to answer once it was started, and after its connection broke; in milliseconds. */
const firstSilence = 120_000;
const laterSilence = 10_000;

/** The embedded sidecar runs; from now on its death is an event. */
export function started(node: Node, name: SidecarName, pid: number, adopted: boolean): Change {
  const sidecar = sidecarOf(node, name);
  if (sidecar?.kind !== "starting") return unchanged(node);
  return {
    node: withSidecar(node, name, { kind: "running", pid, adopted, failures: sidecar.failures }),
    effects: [
      tell("info", adopted ? `${name}.adopted` : `${name}.started`, name, `process ${pid}`),
      ...(isConnected(node, name) ? [] : [silence(name, firstSilence)]),
    ],
  };
}

/** It could not be started, or what lives on its socket does not answer: tried again, ever later. */
export function notStarted(node: Node, name: SidecarName, problem: Problem): Change {
  const sidecar = sidecarOf(node, name);
  if (sidecar?.kind !== "starting") return unchanged(node);
  return restart(node, name, sidecar.failures + 1, problem, "absent");
}

/**
 * It ended. Started again, but for one that gave up by itself before it was ever reached: what hinders it
 * is for a person to mend, mostly a port in use.
 */
export function exited(
  node: Node,
  name: SidecarName,
  pid: number,
  code: number | undefined,
): Change & { readonly failed?: Problem } {
  const sidecar = sidecarOf(node, name);
  if (sidecar?.kind !== "running" || sidecar.pid !== pid) return unchanged(node);
  const { title, codes } = sidecars[name];
  const how = `${title} ended (${code === undefined ? "killed by a signal" : `exit code ${code}`})`;
  if (code !== undefined && !wasReached(node, name)) {
    const why = code === unusableConfiguration ? codes.unusable : codes.gaveUp;
    return { ...unchanged(node), failed: nodeProblem(why, name, how) };
  }
  const change = restart(node, name, sidecar.failures + 1, nodeProblem(codes.ended, name, how), "exited");
  return { ...change, effects: [{ kind: "cancelTimer", id: `silence:${name}` }, ...change.effects] };
}

/** Nobody tells of the death of an adopted one but its broken connection: look, and start one if it is gone. */
export function unseen(node: Node, name: SidecarName): Change {
  const sidecar = sidecarOf(node, name);
  if (sidecar?.kind !== "running" || !sidecar.adopted) return unchanged(node);
  return {
    node: withSidecar(node, name, { kind: "starting", failures: sidecar.failures, problem: undefined }),
    effects: [{ kind: "startSidecar", sidecar: name }],
  };
}

/** The time to start it again has come. */
export function startAgain(node: Node, name: SidecarName): Change {
  const starting = sidecarOf(node, name)?.kind === "starting";
  return { node, effects: starting ? [{ kind: "startSidecar", sidecar: name }] : [] };
}

/** It runs, its connection broke, and it has not answered since: it hangs, and only a new one will answer. */
export function silent(node: Node, name: SidecarName): Change {
  const sidecar = sidecarOf(node, name);
  if (sidecar === undefined || sidecar.kind === "remote" || isConnected(node, name)) return unchanged(node);
  const problem = nodeProblem(sidecars[name].codes.silent, name);
  return {
    node,
    effects: [tell("error", `${name}.silent`, name, formatProblem(problem)), { kind: "killSidecar", sidecar: name }],
  };
}

/** From its lost connection on it has some time to answer again. */
export function silence(name: SidecarName, ms: number = laterSilence): Effect {
  return { kind: "startTimer", id: `silence:${name}`, ms, spread: 0 };
}

/** Connected: its failures are forgotten. */
export function seen(node: Node, name: SidecarName): Node {
  const sidecar = sidecarOf(node, name);
  if (sidecar?.kind !== "running" || sidecar.failures === 0) return node;
  return withSidecar(node, name, { ...sidecar, failures: 0 });
}

/** The exit code of every process of ours whose configuration cannot be used. */
const unusableConfiguration = 3;

function restart(node: Node, name: SidecarName, failures: number, problem: Problem, what: string): Change {
  const ms = backoff(failures, 100, 10_000);
  const effects: readonly Effect[] = [
    tell("error", `${name}.${what}`, name, formatProblem(problem)),
    { kind: "startTimer", id: `start:${name}`, ms, spread: 0.2 },
  ];
  return { node: withSidecar(node, name, { kind: "starting", failures, problem }), effects };
}
