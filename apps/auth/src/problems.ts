import type { Problem, ProblemCode } from "@catalyst-node/core/model";

/** Why auth does not start, is not ready, or refuses a call: code -> cause and mend. */
export const authProblems = {
  "CAT-AUTH-001": {
    cause: "What changed could not be kept: it is in force, but a restart would not know it.",
    mend: "Look for a full or failing disk; it is written as soon as that can be done.",
  },
  "CAT-AUTH-002": {
    cause: "The private half of a key is lost.",
    mend: "Another key signs from now on, and what the lost one signed stays good. Find out who removed the file.",
  },
  "CAT-AUTH-003": {
    cause: "The file of a private key holds another key than its name says.",
    mend: "Put the right file back, or remove it: then another key signs.",
  },
  "CAT-AUTH-004": {
    cause: "The key file is not taken, because there are keys already.",
    mend: "Remove auth.keyFile, or auth's folder in stateDir to begin anew with this key: all its tokens end then.",
  },
  "CAT-AUTH-005": {
    cause: "Certificates are asked of callers, and it is not said whose is let in.",
    mend: "Set auth.rpc.caller and auth.gatewayRpc.caller to different names, each in its caller's subjectAltName.",
  },
  "CAT-AUTH-006": {
    cause: "Both callers have the same address, where they could not be told apart.",
    mend: "Give each an address of its own; only an https address can be shared.",
  },
  "CAT-AUTH-010": {
    cause: "This caller may not make this call.",
    mend: "The gateway may sign internal, peer and subject tokens and read the published keys; nobody else may do anything.",
  },
  "CAT-AUTH-011": {
    cause: "No key is known by this kid.",
    mend: "`catalyst keys list` shows those that are; a key that was removed verifies nothing any more.",
  },
  "CAT-AUTH-012": {
    cause: "There are as many keys as verifiers keep (32).",
    mend: "Wait until a retiring one has ended, or rotate by emergency.",
  },
  "CAT-AUTH-013": {
    cause: "The change was not made, because it could not be kept.",
    mend: "Look for a full or failing disk, and try again.",
  },
  "CAT-AUTH-014": {
    cause: "No key is there to sign with.",
    mend: "One is made as soon as the disk can be written; the log says what hinders it.",
  },
} as const satisfies Readonly<Record<ProblemCode, { readonly cause: string; readonly mend: string }>>;

/** A problem of auth: its cause (or a closer word for it), and what to do. */
export function authProblem(
  code: keyof typeof authProblems,
  path = "",
  what: string = authProblems[code].cause,
): Problem {
  return { code, path, message: `${what} ${authProblems[code].mend}` };
}
