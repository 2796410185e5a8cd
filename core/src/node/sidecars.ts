import type { NodeCode } from "./problems.ts";
import type { Node, Sidecar } from "./state.ts";

/** The processes that a node has besides its orchestrator, each embedded (our child) or remote. */
export type SidecarName = "gateway" | "auth";

type About = {
  /** As people read it. */
  readonly title: string;
  readonly codes: Readonly<Record<Trouble, NodeCode>>;
};

/**
 * It ended before it was ever reached, by its configuration or else; it ended later; it cannot be started; another
 * node's lives on its address; it hangs.
 */
type Trouble = "unusable" | "gaveUp" | "ended" | "notStarted" | "foreign" | "silent";

/** All that tells one sidecar from the other: their lives are the same (sidecar.ts). */
export const sidecars: Readonly<Record<SidecarName, About>> = {
  gateway: {
    title: "The gateway",
    codes: {
      unusable: "CAT-NODE-008",
      gaveUp: "CAT-NODE-008",
      ended: "CAT-NODE-009",
      notStarted: "CAT-NODE-010",
      foreign: "CAT-NODE-007",
      silent: "CAT-NODE-012",
    },
  },
  auth: {
    title: "Auth",
    codes: {
      unusable: "CAT-NODE-021",
      gaveUp: "CAT-NODE-016",
      ended: "CAT-NODE-017",
      notStarted: "CAT-NODE-018",
      foreign: "CAT-NODE-015",
      silent: "CAT-NODE-019",
    },
  },
};

/** Undefined: the node has none. */
export function sidecarOf(node: Node, name: SidecarName): Sidecar | undefined {
  return name === "gateway" ? node.gateway.sidecar : node.auth?.sidecar;
}

export function withSidecar(node: Node, name: SidecarName, sidecar: Sidecar): Node {
  if (name === "gateway") return { ...node, gateway: { ...node.gateway, sidecar } };
  return node.auth === undefined ? node : { ...node, auth: { ...node.auth, sidecar } };
}

/** Whether it is connected now. */
export function isConnected(node: Node, name: SidecarName): boolean {
  return linkOf(node, name)?.kind === "connected";
}

/** Whether this node, or one before it, has ever heard of it. */
export function wasReached(node: Node, name: SidecarName): boolean {
  const link = linkOf(node, name);
  const heard = link?.kind === "connected" || link?.last !== undefined;
  return heard || (name === "auth" && node.auth?.trust !== undefined);
}

function linkOf(node: Node, name: SidecarName) {
  return name === "gateway" ? node.gateway.link : node.auth?.link;
}
