import {
  type authV1,
  type gatewayV1,
  type orchestratorV1,
  toWireCounts,
  toWireIssuer,
  toWireRevocation,
  toWireTime,
} from "@catalyst-node/adapters/rpc";
import type { AuthStatus, AuthView, Sections, TrustView } from "@catalyst-node/core/node";
import { keyStateOf, trustModeOf } from "./auth-words.ts";
import { encodeListener, encodeProblem, type Wire } from "./wire.ts";

/** The section `trust` as the gateway's contract has it. */
export function encodeTrust(section: Sections["trust"]): Wire<typeof gatewayV1.TrustSectionSchema> {
  const { digest, mode, audience, ownIssuer, signing, subjects } = section;
  return {
    digest,
    mode: trustModeOf[mode],
    audience,
    issuers: section.issuers.map(toWireIssuer),
    revocations: section.revocations.map(toWireRevocation),
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

function encodeAuthStatus(status: AuthStatus): Wire<typeof authV1.GetStatusResponseSchema> {
  const { counters } = status;
  return {
    ...status,
    startedAt: toWireTime(status.startedAt),
    problems: status.problems.map(encodeProblem),
    listeners: status.listeners.map(encodeListener),
    keys: status.keys.map(({ kid, state, createdAt, activatedAt, retiredAt, nextAt }) => ({
      kid,
      state: keyStateOf[state],
      createdAt: toWireTime(createdAt),
      activatedAt: toWireTime(activatedAt),
      retiredAt: toWireTime(retiredAt),
      nextAt: toWireTime(nextAt),
    })),
    counters: counters && {
      signed: BigInt(counters.signed),
      verified: BigInt(counters.verified),
      refused: toWireCounts(counters.refused),
      denied: BigInt(counters.denied),
    },
  };
}
