import type { Problem, ProblemCode } from "../model/index.ts";

/** What can be amiss with a running node: code -> cause and mend. docs/reference/errors.md is made from it. */
export const nodeProblems = {
  "CAT-NODE-001": {
    cause: "The service has not answered yet, and nothing is known of it from before.",
    mend: "Wait, or look whether the service runs at its URL.",
  },
  "CAT-NODE-002": {
    cause: "The service has not been asked since the start; what is known of it is from before.",
    mend: "Wait a moment.",
  },
  "CAT-NODE-003": {
    cause: "The service's schema is being composed with the others.",
    mend: "Wait a moment.",
  },
  "CAT-NODE-004": {
    cause: "The gateway is not connected.",
    mend: "Look at the gateway's log; for a remote one at its address and credentials. It is tried again by itself.",
  },
  "CAT-NODE-005": {
    cause: "The gateway has not acknowledged the newest configuration yet.",
    mend: "Wait a moment; it is sent again by itself.",
  },
  "CAT-NODE-006": {
    cause: "The gateway refused a section of the configuration; the last good one is still served.",
    mend: "See the problems beside it. The section is sent again when it changes.",
  },
  "CAT-NODE-007": {
    cause: "The gateway belongs to another organization or node.",
    mend: "Point gateway.rpc.address to a gateway of this node, or start that gateway afresh.",
  },
  "CAT-NODE-008": {
    cause: "The embedded gateway ended before it answered for the first time.",
    mend: "See its own message above: mostly its port is in use (gateway.listen).",
  },
  "CAT-NODE-009": {
    cause: "The embedded gateway ended; it is started again.",
    mend: "Look at its log for the reason.",
  },
  "CAT-NODE-010": {
    cause: "The embedded gateway could not be started.",
    mend: "See the message; it is tried again by itself.",
  },
  "CAT-NODE-011": {
    cause: "The services are asked for their schemas for the first time.",
    mend: "Wait a moment.",
  },
  "CAT-NODE-012": {
    cause: "The embedded gateway runs but does not answer; it is killed and started again.",
    mend: "Look at its log, and whether the machine has CPU and memory left.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

export type NodeCode = keyof typeof nodeProblems;

/** A problem of this room, told with its mend. */
export function nodeProblem(code: NodeCode, path: string, what: string = nodeProblems[code].cause): Problem {
  return { code, path, message: `${what.replace(/\.$/, "")}. ${nodeProblems[code].mend}` };
}
