import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** What can be wrong with a private key: code -> cause and mend. No problem ever shows a byte of one. */
export const keyProblems = {
  "CAT-KEYS-001": {
    cause: "The file of a private key or of its passphrase cannot be read.",
    mend: "Name a regular file (no symbolic link) of at most 64 KiB that this process may read.",
  },
  "CAT-KEYS-002": {
    cause: "The file of a private key or of its passphrase can be read by others.",
    mend: "chmod 600.",
  },
  "CAT-KEYS-003": {
    cause: "What should be a private key is none, or is damaged.",
    mend: "Give PEM (PKCS#8 or SEC 1) or a JWK with its member d.",
  },
  "CAT-KEYS-004": {
    cause: "The private key is not one on the curve P-384.",
    mend: "Make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
  },
  "CAT-KEYS-005": {
    cause: "The private key is encrypted, and its passphrase is missing or wrong.",
    mend: "Name the file of the passphrase that it was encrypted with: auth.passphraseFile.",
  },
  "CAT-KEYS-006": {
    cause: "The passphrase cannot be used.",
    mend: "Give 16 to 1024 printable characters on one line.",
  },
  "CAT-KEYS-007": {
    cause: "A private key cannot be written.",
    mend: "Look for a full or failing disk, and whether the user who runs the process may write stateDir.",
  },
  "CAT-KEYS-008": {
    cause: "More signatures are asked for than can be made.",
    mend: "Ask again later; a token may be used until it expires.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

export type KeyProblemCode = keyof typeof keyProblems;

/** A problem of this folder, told with its mend. */
export function keyProblem(code: KeyProblemCode, path: string, what: string = keyProblems[code].cause): Problem {
  return { code, path, message: `${what} ${keyProblems[code].mend}` };
}
