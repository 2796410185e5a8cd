import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What can be wrong with a file of an issuer's keys: code -> cause and mend. docs/reference/errors.md is made from it. */
export const issuersProblems = {
  "CAT-ISSUERS-001": {
    cause: "A file of an issuer's public keys cannot be read.",
    mend: "Name a regular file that this user may read.",
  },
  "CAT-ISSUERS-002": {
    cause: "A JWK set cannot be used: it is none, too large, holds a secret, a kid twice, or a key that is not whole.",
    mend: "Publish the public keys on P-384 alone, each with a kid; an empty set takes all keys back.",
  },
  "CAT-ISSUERS-003": {
    cause: "A key's point does not lie on the curve P-384.",
    mend: "Take the key from its issuer again: it is damaged, or somebody means to harm.",
  },
  "CAT-ISSUERS-004": {
    cause: "A file does not hold one public key on P-384 as PEM (BEGIN PUBLIC KEY).",
    mend: "openssl pkey -pubout makes one of the issuer's private key, which must not leave the issuer.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** A problem of this folder, told with its mend; never with what the file holds. */
export function issuersProblem(code: keyof typeof issuersProblems, path: string, what: string): Problem {
  return { code, path, message: `${what}. ${issuersProblems[code].mend}` };
}
