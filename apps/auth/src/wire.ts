import {
  authV1,
  create,
  timestampFromMs,
  toWireIssuer,
  toWireRevocation,
  toWireTime,
  type trustV1,
  wireClasses,
} from "@catalyst-node/adapters/rpc";
import {
  allClasses,
  type IssuedToken,
  type KeyLife,
  type TokenClass,
  type TokenRequest,
  type Trust,
} from "@catalyst-node/core/trust";

/** Undefined when it is unspecified, or none that we know. */
export function classOf(wire: trustV1.TokenClass): TokenClass | undefined {
  return allClasses.find((name) => wireClasses[name] === wire);
}

/** What a token is asked for; undefined: for no class. A peer's subject gets its pseudonym here. */
export function readSign(
  { token }: authV1.SignRequest,
  pseudonym: (subject: string, organization: string) => string,
): TokenRequest | undefined {
  switch (token.case) {
    case "service": {
      const { subject, clientId, audience, scope, name, purpose } = token.value;
      return { class: "service", subject, clientId, audience, scope, name, purpose };
    }
    case "internal": {
      const { subject, actor, audience, scope, hop } = token.value;
      return { class: "internal", subject, actor, audience, scope, hop };
    }
    case "subject": {
      const { subject, audience, scope } = token.value;
      return { class: "subject", subject, audience, scope };
    }
    case "peer": {
      const { who, actor, audience, scope } = token.value;
      const [organization = ""] = audience.split("/");
      const subject = who.case === "subject" ? who.value : "";
      const named =
        who.case === "node"
          ? ({ kind: "node", node: who.value } as const)
          : ({ kind: "subject", subject, pseudonym: pseudonym(subject, organization) } as const);
      return { class: "peer", who: named, actor, audience, scope };
    }
    case "session": {
      const { node, audience, role, ownNonce, peerNonce, transcriptHash } = token.value;
      const bytes = { ownNonce: text(ownNonce), peerNonce: text(peerNonce), transcriptHash: text(transcriptHash) };
      return { class: "session", node, audience, role: roles[role], ...bytes };
    }
    case undefined:
      return undefined;
  }
}

const roles: Readonly<Partial<Record<authV1.SessionToken_Role, "dialer" | "listener">>> = {
  [authV1.SessionToken_Role.DIALER]: "dialer",
  [authV1.SessionToken_Role.LISTENER]: "listener",
};

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

export function keyMessage(key: KeyLife, nextAt: number | undefined): authV1.Key {
  return create(authV1.KeySchema, {
    kid: key.kid,
    state: authV1.Key_State[keyStates[key.state]],
    createdAt: timestampFromMs(key.createdAt),
    activatedAt: toWireTime(key.activatedAt),
    retiredAt: toWireTime(key.retiredAt),
    nextAt: toWireTime(nextAt),
  });
}

const keyStates = { prepared: "PREPARED", active: "ACTIVE", retiring: "RETIRING" } as const;

export function tokenMessage(token: IssuedToken, revokedAt: number | undefined): authV1.IssuedToken {
  const { issuedAt, expiresAt, scope, ...texts } = token;
  return create(authV1.IssuedTokenSchema, {
    ...texts,
    scope: [...scope],
    issuedAt: timestampFromMs(issuedAt * 1000),
    expiresAt: timestampFromMs(expiresAt * 1000),
    revokedAt: toWireTime(revokedAt),
  });
}

export function trustMessage(trust: Trust, version: number): authV1.WatchTrustResponse {
  const [own] = trust.issuers;
  return create(authV1.WatchTrustResponseSchema, {
    issuer: toWireIssuer({ issuer: trust.ownIssuer, keys: own?.keys ?? [] }),
    revocations: trust.revocations.map(toWireRevocation),
    version: BigInt(version),
  });
}
