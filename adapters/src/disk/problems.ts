import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What can be wrong with a state folder: code -> cause and mend. docs/reference/errors.md is made from it. */
export const stateProblems = {
  "CAT-STATE-001": {
    cause: "The state folder cannot be made, read or written.",
    mend: "Give stateDir a folder that the user who runs the process may write.",
  },
  "CAT-STATE-002": {
    cause: "The state folder belongs to another organization or node.",
    mend: "Give each node a stateDir of its own, or delete the folder to forget what that node has learned.",
  },
  "CAT-STATE-003": {
    cause: "Another process of this node uses the state folder.",
    mend: "Stop it first, or give this one a stateDir of its own.",
  },
  "CAT-STATE-004": {
    cause: "A kept file is damaged; it was set aside and the previous one is used.",
    mend: "Look for a full or failing disk. Nothing needs to be done for the node.",
  },
  "CAT-STATE-005": {
    cause: "What was learned could not be written.",
    mend: "Look for a full or failing disk; the node goes on, but would not know it after a restart.",
  },
  "CAT-STATE-006": {
    cause: "The state folder is open to other users, or is owned by another.",
    mend: "chmod 700, and let the user own it who runs the process.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

export type StateCode = keyof typeof stateProblems;

/** A problem of this folder, told with its mend. */
export function stateProblem(code: StateCode, path: string, what: string): Problem {
  return { code, path, message: `${what}. ${stateProblems[code].mend}` };
}

/** The one funnel: whatever the file system threw. */
export function toProblem(error: unknown, code: StateCode, path: string): Problem {
  return stateProblem(code, path, error instanceof Error ? error.message : "it failed without a reason");
}
