import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What can go wrong with certificates that we make, or are given: code -> cause and mend. */
export const certificateProblems = {
  "CAT-CERTIFICATES-001": {
    cause: "The local authority or its certificate cannot be kept in the state folder.",
    mend: "Give stateDir a folder that the user who runs the process may write; its folder tls may be deleted.",
  },
  "CAT-CERTIFICATES-010": {
    cause: "The file of the certificate or of its key cannot be read.",
    mend: "Name regular files that this process may read, both PEM.",
  },
  "CAT-CERTIFICATES-011": {
    cause: "The file of the certificate's key is open to others.",
    mend: "chmod 600; a file that root owns may also be read by its group (640).",
  },
  "CAT-CERTIFICATES-012": {
    cause: "What should be a certificate or its key is none, or cannot be used.",
    mend: "Give PEM: the certificate followed by those that lead to its authority, and its key without a passphrase.",
  },
  "CAT-CERTIFICATES-013": {
    cause: "The key belongs to another certificate.",
    mend: "Give the key that the certificate was issued for; when one file is replaced, replace both.",
  },
  "CAT-CERTIFICATES-014": {
    cause: "The certificate has expired, or is not valid yet: it is served, and clients refuse it.",
    mend: "Put a valid one in the place of both files; it is taken within a second.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** A problem of a file that we are given, told with its mend. */
export function certificateProblem(code: keyof typeof certificateProblems, path: string, what: string): Problem {
  return { code, path, message: `${what}. ${certificateProblems[code].mend}` };
}

/** The one funnel: whatever the file system threw. */
export function toProblem(error: unknown, path: string): Problem {
  const what = error instanceof Error ? error.message : "It failed without a reason";
  return certificateProblem("CAT-CERTIFICATES-001", path, what);
}
