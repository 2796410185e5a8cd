import { type MessageInitShape, timestampFromDate, type trustV1 } from "@catalyst-node/adapters/rpc";

/** What is to be taken back: exactly one of the first three. */
type Wish = {
  readonly jti?: string;
  readonly kid?: string;
  readonly issuedBefore?: Date;
  readonly issuer?: string;
  readonly reason?: string;
};

/** As the contract has it; when and until when is set by auth. */
export function revocationOf({ jti, kid, issuedBefore, issuer, reason }: Wish) {
  return { issuer: issuer ?? "", what: whatOf(), reason: reason ?? "" } satisfies MessageInitShape<
    typeof trustV1.RevocationSchema
  >;

  function whatOf() {
    if (jti !== undefined) return { case: "jti", value: jti } as const;
    if (kid !== undefined) return { case: "kid", value: kid } as const;
    return { case: "issuedBefore", value: timestampFromDate(issuedBefore ?? new Date()) } as const;
  }
}
