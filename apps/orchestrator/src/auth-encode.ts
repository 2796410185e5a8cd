import {
  type authV1,
  type gatewayV1,
  type orchestratorV1,
  timestampFromMs,
  toWireCounts,
  type trustV1,
} from "@catalyst-node/adapters/rpc";
import type { AuthStatus, AuthView, Sections, TrustView } from "@catalyst-node/core/node";
import type { Revocation, TrustedIssuer } from "@catalyst-node/core/trust";
import { classOf, keyStateOf, trustModeOf } from "./auth-words.ts";
import { encodeListener, encodeProblem, encodeTime, type Wire } from "./wire.ts";

/** The section `trust` as the gateway's contract has it. */
export function encodeTrust(section: Sections["trust"]): Wire<typeof gatewayV1.TrustSectionSchema> {
  const { digest, mode, audience, ownIssuer, signing, subjects } = section;
  return {
    digest,
    mode: trustModeOf[mode],
    audience,
    issuers: section.issuers.map(encodeIssuer),
    revocations: section.revocations.map(encodeRevocation),
    ownIssuer,
    ...(signing && { signing: encodeSigning(signing) }),
    subjects: [...subjects],
  };
}

/** Views in the words of the orchestrator's contract. */
export function encodeAuth(view: AuthView): Wire<typeof orchestratorV1.AuthViewSchema> {
  return {
    ...view,
    kids: [...view.kids],
    status: view.status && encodeAuthStatus(view.status),
    problems: view.problems.map(encodeProblem),
  };
}

export function encodeTrustView(view: TrustView): Wire<typeof orchestratorV1.TrustViewSchema> {
  return {
    ...view,
    mode: trustModeOf[view.mode],
    issuers: view.issuers.map(({ issuer, kids }) => ({ issuer, kids: [...kids] })),
  };
}

function encodeSigning({
  address,
  secretFile,
  tls,
}: NonNullable<Sections["trust"]["signing"]>): Wire<typeof gatewayV1.SigningServiceSchema> {
  return {
    address,
    ...(secretFile !== undefined && { secretFile }),
    ...(tls && { tlsCaFile: tls.caFile, tlsCertFile: tls.certFile, tlsKeyFile: tls.keyFile }),
  };
}

function encodeIssuer({ issuer, keys }: TrustedIssuer): Wire<typeof trustV1.TrustedIssuerSchema> {
  return {
    issuer,
    keys: keys.map(({ kid, x, y, classes, notAfter }) => ({
      kid,
      x,
      y,
      classes: classes.map((name) => classOf[name]),
      notAfter: encodeTime(notAfter),
    })),
  };
}

function encodeRevocation({
  issuer,
  what,
  revokedAt,
  until,
  reason,
}: Revocation): Wire<typeof trustV1.RevocationSchema> {
  const times = { revokedAt: encodeTime(revokedAt), until: encodeTime(until) };
  return { issuer, what: encodeWhat(what), ...times, reason };
}

function encodeWhat(what: Revocation["what"]): NonNullable<trustV1.Revocation["what"]> {
  switch (what.kind) {
    case "jti":
      return { case: "jti", value: what.jti };
    case "kid":
      return { case: "kid", value: what.kid };
    case "issuedBefore":
      return { case: "issuedBefore", value: timestampFromMs(what.at) };
  }
}

function encodeAuthStatus(status: AuthStatus): Wire<typeof authV1.GetStatusResponseSchema> {
  const { counters } = status;
  return {
    ...status,
    startedAt: encodeTime(status.startedAt),
    problems: status.problems.map(encodeProblem),
    listeners: status.listeners.map(encodeListener),
    keys: status.keys.map(({ kid, state, createdAt, activatedAt, retiredAt, nextAt }) => ({
      kid,
      state: keyStateOf[state],
      createdAt: encodeTime(createdAt),
      activatedAt: encodeTime(activatedAt),
      retiredAt: encodeTime(retiredAt),
      nextAt: encodeTime(nextAt),
    })),
    counters: counters && {
      signed: BigInt(counters.signed),
      verified: BigInt(counters.verified),
      refused: toWireCounts(counters.refused),
      denied: BigInt(counters.denied),
    },
  };
}
