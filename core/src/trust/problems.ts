import type { Problem, ProblemCode } from "../model/index.ts";

/** What auth refuses to sign or to keep: code -> cause and mend. docs/reference/errors.md is made from it. */
export const trustProblems = {
  "CAT-TRUST-001": {
    cause: "A text of the token is empty, too long, or holds control characters.",
    mend: "Give 1 to 256 printable characters.",
  },
  "CAT-TRUST-002": {
    cause: "The scope cannot stand in a token.",
    mend: "Give at most 64 words of 1 to 256 visible ASCII characters, without quotation mark and backslash.",
  },
  "CAT-TRUST-003": {
    cause: "The audience, the sender or the node is not of the form that the token's class wants.",
    mend: "Write organization/node, of a subject token organization/node/service; each a lower-case DNS label.",
  },
  "CAT-TRUST-004": {
    cause: "The token would live longer than its class allows, or not at all.",
    mend: "Ask for whole seconds, of a service token at most auth.maxTokenLifetime, of all others at most 60.",
  },
  "CAT-TRUST-005": {
    cause: "The request was passed through too often.",
    mend: "A request crosses at most 8 nodes; look for a loop.",
  },
  "CAT-TRUST-006": {
    cause: "A nonce or hash of a session token has the wrong length, or its role is missing.",
    mend: "Give 32 bytes each, and the role of the node that signs.",
  },
  "CAT-TRUST-007": {
    cause: "The token is of no class.",
    mend: "Set one of service, internal, peer, session and subject.",
  },
  "CAT-TRUST-010": {
    cause: "As many service tokens live as can be kept (10,000).",
    mend: "Wait until some have expired, or ask for shorter ones.",
  },
  "CAT-TRUST-011": {
    cause: "As many revocations are in force as can be kept (10,000).",
    mend: "Revoke all that was issued before now, or rotate the keys by emergency: either takes back many at once.",
  },
  "CAT-TRUST-012": {
    cause: "What is to be revoked cannot be read.",
    mend: "Give one of jti, kid (1 to 256 visible characters) and a time that is not ahead of now.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

export type TrustProblemCode = keyof typeof trustProblems;

/** A problem of this room: its cause (or a closer word for it), and what to do. `path`: the field. */
export function trustProblem(code: TrustProblemCode, path = "", what: string = trustProblems[code].cause): Problem {
  return { code, path, message: `${what} ${trustProblems[code].mend}` };
}
