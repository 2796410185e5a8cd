import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What the command line itself finds wrong. */
export const cliProblems = {
  "CAT-CLI-001": {
    cause: "No node answered at the API address in time.",
    mend: "Start a node with `catalyst run` or `catalyst dev`, or name the address of its API with --api, or its state folder with --state-dir (of `catalyst dev`: .catalyst/dev).",
  },
  "CAT-CLI-002": {
    cause: "The node answered the call with an error.",
    mend: "Read the reason; a node of another version may not know what this version asks.",
  },
  "CAT-CLI-003": {
    cause: "The node has nothing of this name.",
    mend: "List what there is with `catalyst services` or `catalyst routes`.",
  },
  "CAT-CLI-004": {
    cause: "A process that `catalyst dev` started ended before it was ready.",
    mend: "Read its reason in the lines above; often a port is in use: choose others with the --...-listen flags.",
  },
  "CAT-CLI-005": {
    cause: "The node did not answer the first query in time.",
    mend: "Look at `catalyst check` for what keeps it from being ready.",
  },
  "CAT-CLI-006": {
    cause: "The node refused the caller.",
    mend: "The admin socket is for its owner only: run the command as the user that runs the node.",
  },
  "CAT-CLI-007": {
    cause: "No token could be read from stdin or from --token-file.",
    mend: "Pipe the token in, or name the file that holds it.",
  },
  "CAT-CLI-008": {
    cause: "The text is no token.",
    mend: "A token is three parts of base64url with dots between; without `Bearer` before it.",
  },
  "CAT-CLI-009": {
    cause: "What cannot be undone was asked for where nobody can be asked whether it is meant.",
    mend: "Say --yes if it is meant.",
  },
  "CAT-CLI-099": {
    cause: "The command line met a case that it was not written for.",
    mend: "Report it, with the output of the same command under NODE_DEBUG=catalyst.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** A problem of the command line: what happened here, then what to do about it. */
export function cliProblem(code: keyof typeof cliProblems, path: string, what: string): Problem {
  return { code, path, message: `${what} ${cliProblems[code].mend}` };
}
