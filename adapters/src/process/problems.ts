import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What can be wrong with a process beside us: code -> cause and mend. docs/reference/errors.md is made from it. */
export const processProblems = {
  "CAT-PROCESS-001": {
    cause: "A process could not be started.",
    mend: "Is there memory, and a free process slot? See the message.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** A problem of this folder, told with its mend. */
export function processProblem(code: keyof typeof processProblems, path: string, what: string): Problem {
  return { code, path, message: `${what}. ${processProblems[code].mend}` };
}
