import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What hinders the published keys: code -> cause and mend. docs/reference/errors.md is made from it. */
export const jwksProblems = {
  "CAT-JWKS-001": {
    cause: "The address of the published keys is in use, or may not be bound.",
    mend: "Stop the other process or choose another auth.listen; port 0 takes a free one.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** A problem of this folder, told with its mend. */
export function jwksProblem(code: keyof typeof jwksProblems, path: string, what: string): Problem {
  return { code, path, message: `${what}. ${jwksProblems[code].mend}` };
}
