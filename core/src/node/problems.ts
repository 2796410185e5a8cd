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
  "CAT-NODE-013": {
    cause: "No key is known that tokens could be verified with.",
    mend: "Look whether auth runs and answers; without an auth sidecar, whether an issuer's file holds keys.",
  },
  "CAT-NODE-014": {
    cause: "Auth is not connected: nothing is signed. Tokens are verified with the keys that it told last.",
    mend: "Look at auth's log; for a remote one at its address and credentials. It is tried again by itself.",
  },
  "CAT-NODE-015": {
    cause: "Auth belongs to another organization or node, or signs as another issuer.",
    mend: "Point auth.rpc.address to an auth of this node, or give both the same auth.issuer.",
  },
  "CAT-NODE-016": {
    cause: "The embedded auth ended before it answered for the first time.",
    mend: "See its own message above: mostly its port is in use (auth.listen).",
  },
  "CAT-NODE-017": {
    cause: "The embedded auth ended; it is started again.",
    mend: "Look at its log for the reason.",
  },
  "CAT-NODE-018": {
    cause: "The embedded auth could not be started.",
    mend: "See the message; it is tried again by itself.",
  },
  "CAT-NODE-019": {
    cause: "The embedded auth runs but does not answer; it is killed and started again.",
    mend: "Look at its log, and whether the machine has CPU and memory left.",
  },
  "CAT-NODE-020": {
    cause: "The file of an issuer's keys has changed to what cannot be used; the keys read last stay.",
    mend: 'Correct the file; it is read again by itself. An empty set ({"keys": []}) takes all keys back.',
  },
  "CAT-NODE-021": {
    cause: "The embedded auth cannot use its keys or its configuration.",
    mend: "See its own message above.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

export type NodeCode = keyof typeof nodeProblems;

/** A problem of this room, told with its mend. */
export function nodeProblem(code: NodeCode, path: string, what: string = nodeProblems[code].cause): Problem {
  return { code, path, message: `${what.replace(/\.$/, "")}. ${nodeProblems[code].mend}` };
}
