import { gatewayV1, type MessageInitShape } from "@catalyst-node/adapters/rpc";
import { type TestIssuer, trustedIssuer } from "../../../../tests/support/tokens.ts";

export type Trust = MessageInitShape<typeof gatewayV1.TrustSectionSchema>;

/** Makes sections by which a token of one of these is required; the first is the node's own. */
export function trusting(own: TestIssuer, ...others: readonly TestIssuer[]): (changes?: Trust) => Trust {
  return (changes = {}) => ({
    mode: gatewayV1.TrustSection_Mode.REQUIRED,
    ownIssuer: own.issuer,
    issuers: [own, ...others].map(trustedIssuer),
    ...changes,
  });
}
