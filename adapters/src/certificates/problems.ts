import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What can go wrong with the certificates that we make: code -> cause and mend. */
export const certificateProblems = {
  "CAT-CERTIFICATES-001": {
    cause: "The local authority or its certificate cannot be kept in the state folder.",
    mend: "Give stateDir a folder that the user who runs the process may write; its folder tls may be deleted.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** The one funnel: whatever the file system threw. */
export function toProblem(error: unknown, path: string): Problem {
  const what = error instanceof Error ? error.message : "It failed without a reason";
  return {
    code: "CAT-CERTIFICATES-001",
    path,
    message: `${what}. ${certificateProblems["CAT-CERTIFICATES-001"].mend}`,
  };
}
