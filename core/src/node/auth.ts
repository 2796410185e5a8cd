import { formatProblem } from "../model/index.ts";
import type { Problem } from "../model/index.ts";
import type { AuthStatus, OwnTrust } from "./auth-status.ts";
import { digestOf } from "./digest.ts";
import type { Effect } from "./effects.ts";
import { learned, tell } from "./services.ts";
import { seen, silence } from "./sidecar.ts";
import { type Auth, type Change, type KnownTrust, type Learned, type Node, unchanged } from "./state.ts";

/** A node's auth before its first word, with what an earlier orchestrator was told. Undefined: the node has none. */
export function newAuth({ auth }: Node["config"], { trust }: Learned): Auth | undefined {
  if (auth.mode === "off") return undefined;
  // Keys of another issuer say nothing of this one.
  const known = trust?.issuer.issuer === auth.issuer;
  return {
    sidecar: auth.mode === "embedded" ? { kind: "starting", failures: 0, problem: undefined } : { kind: "remote" },
    link: { kind: "connecting", problem: undefined, last: undefined },
    trust: known ? knownTrust(trust) : undefined,
  };
}

/** A new connection. Whose it is is judged first: another's keys are never taken for ours. */
export function authConnected(before: Node, status: AuthStatus, trust: OwnTrust): Change {
  const { auth } = before;
  if (auth === undefined) return unchanged(before);
  const last = auth.link.kind === "connected" ? auth.link.status : auth.link.last;
  const same = last?.instanceId === status.instanceId;
  const node = seen({ ...before, auth: { ...auth, link: { kind: "connected", status } } }, "auth");
  const effects: readonly Effect[] = [
    { kind: "cancelTimer", id: "silence:auth" },
    tell("info", "auth.connected", "auth", same ? "connected again" : `connected to ${status.instanceId}`),
  ];
  if (isForeignAuth(node, status)) {
    const whose = `it belongs to ${status.organization}/${status.node}, issuer ${status.issuer}`;
    return { node, effects: [...effects, tell("error", "auth.foreign", "auth", whose)] };
  }
  return after(effects, takeTrust(node, trust));
}

/** A further word of the same connection: what verifiers have to know. */
export function authTold(node: Node, trust: OwnTrust): Change {
  const link = node.auth?.link;
  if (link?.kind !== "connected" || isForeignAuth(node, link.status)) return unchanged(node);
  return takeTrust(node, trust);
}

/** A further word of the same connection: how it fares. */
export function authShown(node: Node, status: AuthStatus): Change {
  const { auth } = node;
  if (auth?.link.kind !== "connected" || auth.link.status.instanceId !== status.instanceId) return unchanged(node);
  return unchanged({ ...node, auth: { ...auth, link: { kind: "connected", status } } });
}

/** The connection broke, or could not be made. What was told stays true: the gateway goes on verifying. */
export function authLost(node: Node, problem: Problem): Change {
  const { auth } = node;
  if (auth === undefined) return unchanged(node);
  const { link, sidecar } = auth;
  const last = link.kind === "connected" ? link.status : link.last;
  const next: Node = { ...node, auth: { ...auth, link: { kind: "connecting", problem, last } } };
  if (link.kind === "connected") {
    const effects = [
      tell("warn", "auth.lost", "auth", formatProblem(problem)),
      ...(sidecar.kind === "remote" ? [] : [silence("auth")]),
    ];
    return { node: next, effects };
  }
  // An embedded one that is being started is not there yet; that is no news.
  const news = sidecar.kind === "remote" && link.problem?.message !== problem.message;
  return { node: next, effects: news ? [tell("warn", "auth.unreachable", "auth", formatProblem(problem))] : [] };
}

/** It is another node's, or signs as another issuer. */
export function isForeignAuth({ config }: Node, { organization, node, issuer }: AuthStatus): boolean {
  return organization !== config.organization || node !== config.node || issuer !== config.auth.issuer;
}

/** Takes what differs from what is known, and keeps it for the next start. */
function takeTrust(node: Node, told: OwnTrust): Change {
  const { auth } = node;
  if (auth === undefined || told.issuer.issuer !== node.config.auth.issuer) return unchanged(node);
  const trust = knownTrust(told);
  if (trust.digest === auth.trust?.digest) return unchanged(node);
  const next: Node = { ...node, auth: { ...auth, trust } };
  const older = auth.trust !== undefined && told.version < auth.trust.version;
  return {
    node: next,
    effects: [
      { kind: "persist", learned: learned(next) },
      ...(older ? [tell("warn", "auth.older", "auth", "it tells less than it did: was its state put back?")] : []),
      tell("info", "auth.trust", "auth", `${told.issuer.keys.length} keys, ${told.revocations.length} revocations`),
    ],
  };
}

function knownTrust({ issuer, revocations, version }: OwnTrust): KnownTrust {
  return { issuer, revocations, version, digest: digestOf(JSON.stringify([issuer, revocations])) };
}

function after(effects: readonly Effect[], change: Change): Change {
  return { node: change.node, effects: [...effects, ...change.effects] };
}
