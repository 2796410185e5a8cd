import { formatProblem } from "../model/index.ts";
import type { Problem } from "../model/index.ts";
import { backoff, type Effect } from "./effects.ts";
import type { GatewayStatus } from "./gateway-status.ts";
import { nodeProblem } from "./problems.ts";
import { tell } from "./services.ts";
import { type Change, type Node, type Sidecar, unchanged } from "./state.ts";

/** What a gateway may take to answer once it was started, and after its connection broke; in milliseconds. */
const firstSilence = 120_000;
const laterSilence = 10_000;

/** The embedded gateway runs; from now on its death is an event. */
export function started(node: Node, pid: number, adopted: boolean): Change {
  const { sidecar } = node.gateway;
  if (sidecar.kind !== "starting") return unchanged(node);
  return {
    node: withSidecar(node, { kind: "running", pid, adopted, failures: sidecar.failures }),
    effects: [
      tell("info", adopted ? "gateway.adopted" : "gateway.started", "gateway", `process ${pid}`),
      ...(node.gateway.link.kind === "connected" ? [] : [silence(firstSilence)]),
    ],
  };
}

/** It could not be started, or what lives on its socket does not answer: tried again, ever later. */
export function notStarted(node: Node, problem: Problem): Change {
  const { sidecar } = node.gateway;
  return sidecar.kind === "starting" ? restart(node, sidecar.failures + 1, problem, "gateway.absent") : unchanged(node);
}

/**
 * It ended. Started again, but for one that gave up by itself before it was ever reached: what hinders it
 * is for a person to mend, mostly a port in use.
 */
export function exited(node: Node, pid: number, code: number | undefined): Change & { readonly failed?: Problem } {
  const { sidecar, link } = node.gateway;
  if (sidecar.kind !== "running" || sidecar.pid !== pid) return unchanged(node);
  const how = `The gateway ended (${code === undefined ? "killed by a signal" : `exit code ${code}`})`;
  const reached = link.kind === "connected" || link.last !== undefined;
  if (code !== undefined && !reached)
    return { ...unchanged(node), failed: nodeProblem("CAT-NODE-008", "gateway", how) };
  const change = restart(node, sidecar.failures + 1, nodeProblem("CAT-NODE-009", "gateway", how), "gateway.exited");
  return { ...change, effects: [{ kind: "cancelTimer", id: "silence" }, ...change.effects] };
}

/** Nobody tells of the death of an adopted one but its broken connection: look, and start one if it is gone. */
export function unseen(node: Node): Change {
  const { sidecar } = node.gateway;
  if (sidecar.kind !== "running" || !sidecar.adopted) return unchanged(node);
  return {
    node: withSidecar(node, { kind: "starting", failures: sidecar.failures, problem: undefined }),
    effects: [{ kind: "startGateway" }],
  };
}

/** It runs, its connection broke, and it has not answered since: it hangs, and only a new one will answer. */
export function silent(node: Node): Change {
  const { sidecar, link } = node.gateway;
  if (sidecar.kind === "remote" || link.kind === "connected") return unchanged(node);
  const problem = nodeProblem("CAT-NODE-012", "gateway");
  return {
    node,
    effects: [tell("error", "gateway.silent", "gateway", formatProblem(problem)), { kind: "killGateway" }],
  };
}

/** From its lost connection on it has some time to answer again. */
export function silence(ms: number = laterSilence): Effect {
  return { kind: "startTimer", id: "silence", ms, spread: 0 };
}

/** Connected: its failures are forgotten. */
export function seen(node: Node): Node {
  const { sidecar } = node.gateway;
  return sidecar.kind === "running" && sidecar.failures > 0 ? withSidecar(node, { ...sidecar, failures: 0 }) : node;
}

/**
 * What hinders a gateway found on our socket from being adopted. `replace`: it is ours, but not as we want it;
 * otherwise it is somebody else's and must not be touched.
 */
export type Strangeness = { readonly why: string; readonly replace: boolean };

/** What we would start. */
type Ours = {
  readonly version: string;
  readonly organization: string;
  readonly node: string;
  readonly listen: string;
  /** By HTTPS, at an address of its own or at that of all. */
  readonly tls:
    | { readonly certFile: string; readonly keyFile: string; readonly listen?: string | undefined }
    | undefined;
  readonly workers: number;
};

/** What tells one gateway from another. */
type Theirs = Pick<
  GatewayStatus,
  "version" | "organization" | "node" | "listeners" | "state" | "workers" | "certificate"
>;

/** Compares a gateway found on our socket with the one that we would start; undefined: it can be adopted. */
export function strangeness(status: Theirs, ours: Ours): Strangeness | undefined {
  if (status.organization !== "" && (status.organization !== ours.organization || status.node !== ours.node)) {
    return { why: `it belongs to ${status.organization}/${status.node}`, replace: false };
  }
  if (status.state === "stopping") return { why: "it is stopping", replace: true };
  if (status.version !== ours.version) {
    return { why: `it is version ${status.version}, this is ${ours.version}`, replace: true };
  }
  const workers = Math.max(1, status.workers.length);
  if (workers !== ours.workers) {
    return { why: `it has ${workers} worker(s), ${ours.workers} are configured`, replace: true };
  }
  const { certificate } = status;
  if (certificate?.certFile !== ours.tls?.certFile || certificate?.keyFile !== ours.tls?.keyFile) {
    const [theirs = "none", configured = "none"] = [certificate?.certFile, ours.tls?.certFile];
    return { why: `its certificate is ${theirs}, ${configured} is configured`, replace: true };
  }
  const addresses = [
    ["graphql", ours.listen],
    ["graphql-tls", ours.tls?.listen],
  ] as const;
  for (const [name, listen] of addresses) {
    const bound = hostPort(status.listeners.find((listener) => listener.name === name)?.url);
    const anyPort = listen?.endsWith(":0") === true && bound?.replace(/:\d+$/, ":0") === listen;
    if (bound !== listen && !anyPort)
      return { why: `it listens on ${bound ?? "nothing"}, ${listen ?? "nothing"} is configured`, replace: true };
  }
  return undefined;
}

function hostPort(url: string | undefined): string | undefined {
  return url?.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

function restart(node: Node, failures: number, problem: Problem, event: string): Change {
  const ms = backoff(failures, 100, 10_000);
  const effects: readonly Effect[] = [
    tell("error", event, "gateway", formatProblem(problem)),
    { kind: "startTimer", id: "gateway", ms, spread: 0.2 },
  ];
  return { node: withSidecar(node, { kind: "starting", failures, problem }), effects };
}

function withSidecar(node: Node, sidecar: Sidecar): Node {
  return { ...node, gateway: { ...node.gateway, sidecar } };
}
