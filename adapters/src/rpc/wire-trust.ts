import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampDate, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { allClasses, type Revocation, type TokenClass, type TrustedIssuer } from "@catalyst-node/core/trust";
import {
  type Revocation as WireRevocation,
  type RevocationSchema,
  TokenClass as WireClass,
  type TrustedIssuer as WireIssuer,
  type TrustedIssuerSchema,
} from "./gen/catalyst/common/v1/trust_pb.ts";
import { fromWireTime, toWireTime } from "./wire.ts";

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

/** The other way round; a class that is not known allows nothing. */
export function fromWireIssuer({ issuer, keys }: WireIssuer): TrustedIssuer {
  return {
    issuer,
    keys: keys.map(({ kid, x, y, classes, notAfter }) => ({
      kid,
      x,
      y,
      classes: allClasses.filter((name) => classes.includes(wireClasses[name])),
      notAfter: fromWireTime(notAfter),
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

/** The other way round. What names nothing comes as a token of the empty name: whoever asked for it judges that. */
export function fromWireRevocation({ issuer, what, revokedAt, until, reason }: WireRevocation): Revocation {
  const times = { revokedAt: fromWireTime(revokedAt) ?? 0, until: fromWireTime(until) };
  return { issuer, what: fromWireWhat(what), ...times, reason };
}

function fromWireWhat(what: WireRevocation["what"]): Revocation["what"] {
  switch (what.case) {
    case "kid":
      return { kind: "kid", kid: what.value };
    case "issuedBefore":
      return { kind: "issuedBefore", at: timestampDate(what.value).getTime() };
    case "jti":
    case undefined:
      return { kind: "jti", jti: what.value ?? "" };
  }
}
