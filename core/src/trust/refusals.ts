/** Why a token is not taken: the words of logs, counters and AuthService.Verify. Clients are never told which. */
export const tokenRefusals = {
  missing: "there is no token, and one is needed",
  malformed: "it is not three segments of canonical base64url around JSON objects, or its signature has not 96 bytes",
  "too-long": "it has more than 8 KiB",
  header: "its header has other members than alg, typ and kid, or lacks one, or has one twice",
  algorithm: "its alg is not ES384",
  class: "its typ is not of a class that is taken here, or its key may not sign that class",
  issuer: "its iss is nobody that is believed here",
  "unknown-key": "its kid is no key of its issuer",
  "retired-key": "its key verifies nothing any more",
  claims: "a claim that its class needs is missing, has a wrong form, or must not be there",
  audience: "its aud is not this node alone",
  expired: "its exp has passed",
  "not-yet": "its iat or nbf is still to come",
  lifetime: "it was made to live longer than its class may",
  revoked: "it was taken back: by its jti, its kid, or with all that its issuer signed before a time",
  signature: "its signature does not hold",
  busy: "too many signatures wait to be verified; the same token may be taken later",
} as const;

export type TokenRefusal = keyof typeof tokenRefusals;

/** A token that is not taken. What it says of itself is told only in its right form, and proves nothing: for logs. */
export type Refused = {
  readonly kind: "refused";
  readonly reason: TokenRefusal;
  readonly issuer?: string | undefined;
  readonly kid?: string | undefined;
  readonly jti?: string | undefined;
};
