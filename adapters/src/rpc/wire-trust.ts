import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Revocation, TokenClass, TrustedIssuer } from "@catalyst-node/core/trust";
import {
  type Revocation as WireRevocation,
  type RevocationSchema,
  TokenClass as WireClass,
  type TrustedIssuerSchema,
} from "./gen/catalyst/common/v1/trust_pb.ts";
import { toWireTime } from "./wire.ts";

/** The classes of tokens as catalyst/common/v1/trust.proto has them; back by search. */
export const wireClasses: Readonly<Record<TokenClass, WireClass>> = {
  service: WireClass.SERVICE,
  internal: WireClass.INTERNAL,
  peer: WireClass.PEER,
  session: WireClass.SESSION,
  subject: WireClass.SUBJECT,
};

/** Whose tokens are taken, as the contracts have it. */
export function toWireIssuer({ issuer, keys }: TrustedIssuer): MessageInitShape<typeof TrustedIssuerSchema> {
  return {
    issuer,
    keys: keys.map(({ kid, x, y, classes, notAfter }) => ({
      kid,
      x,
      y,
      classes: classes.map((name) => wireClasses[name]),
      notAfter: toWireTime(notAfter),
    })),
  };
}

/** What is taken back, as the contracts have it. */
export function toWireRevocation(revocation: Revocation): MessageInitShape<typeof RevocationSchema> {
  const { issuer, what, revokedAt, until, reason } = revocation;
  const times = { revokedAt: toWireTime(revokedAt), until: toWireTime(until) };
  return { issuer, what: toWireWhat(what), ...times, reason };
}

function toWireWhat(what: Revocation["what"]): WireRevocation["what"] {
  switch (what.kind) {
    case "jti":
      return { case: "jti", value: what.jti };
    case "kid":
      return { case: "kid", value: what.kid };
    case "issuedBefore":
      return { case: "issuedBefore", value: timestampFromMs(what.at) };
  }
}
