import { type Problem, nodeId } from "../model/index.ts";
import { isForeignAuth } from "./auth.ts";
import type { AuthStatus } from "./auth-status.ts";
import { nodeProblem } from "./problems.ts";
import type { Node } from "./state.ts";
import { lacksKeys, trustedIssuers } from "./trust-section.ts";

export type AuthView = {
  readonly address: string;
  readonly embedded: boolean;
  readonly connected: boolean;
  readonly issuer: string;
  /** Of the published keys, as last told. */
  readonly kids: readonly string[];
  readonly revocations: number;
  readonly status: AuthStatus | undefined;
  readonly problems: readonly Problem[];
};

export type TrustView = {
  readonly mode: Node["config"]["gateway"]["auth"]["mode"];
  readonly audience: string;
  readonly issuers: readonly { readonly issuer: string; readonly kids: readonly string[] }[];
  readonly revocations: number;
};

/** Undefined where the node has no auth sidecar. */
export function viewAuth(node: Node): AuthView | undefined {
  const { auth, config } = node;
  if (auth === undefined) return undefined;
  return {
    address: config.auth.rpc.address,
    embedded: config.auth.mode === "embedded",
    connected: auth.link.kind === "connected",
    issuer: config.auth.issuer,
    kids: auth.trust?.issuer.keys.map(({ kid }) => kid) ?? [],
    revocations: auth.trust?.revocations.length ?? 0,
    status: auth.link.kind === "connected" ? auth.link.status : auth.link.last,
    problems: authProblems(node),
  };
}

/** Whom the gateway is told to answer. */
export function viewTrust(node: Node): TrustView {
  return {
    mode: node.config.gateway.auth.mode,
    audience: nodeId(node.config),
    issuers: trustedIssuers(node).map(({ issuer, keys }) => ({ issuer, kids: keys.map(({ kid }) => kid) })),
    revocations: node.auth?.trust?.revocations.length ?? 0,
  };
}

/** What is amiss with identity: whether it keeps the node from being ready, `isReady` says. */
export function trustProblems(node: Node): readonly Problem[] {
  const lacking = lacksKeys(node) ? [nodeProblem("CAT-NODE-013", "auth")] : [];
  return [...lacking, ...authProblems(node), ...[...node.issuers.values()].flatMap(({ problems }) => problems)];
}

function authProblems(node: Node): readonly Problem[] {
  const { auth } = node;
  if (auth === undefined) return [];
  const { link, sidecar } = auth;
  if (link.kind === "connecting") {
    const down = sidecar.kind === "starting" && sidecar.problem !== undefined ? [sidecar.problem] : [];
    return [...down, nodeProblem("CAT-NODE-014", "auth"), ...(link.problem === undefined ? [] : [link.problem])];
  }
  if (isForeignAuth(node, link.status)) {
    const theirs = `Auth belongs to ${nodeId(link.status)} and signs as ${link.status.issuer}`;
    return [nodeProblem("CAT-NODE-015", "auth", theirs)];
  }
  return link.status.problems;
}
