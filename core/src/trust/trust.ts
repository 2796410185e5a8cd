import type { TokenClass } from "./token-classes.ts";

/** Whom a verifier believes, and what it believes no longer: all that it needs to judge a token. Times in ms of the epoch. */
export type Trust = {
  /** The issuer that revocations without one speak of. */
  readonly ownIssuer: string;
  readonly issuers: readonly TrustedIssuer[];
  readonly revocations: readonly Revocation[];
};

/** Keys are kept issuer by issuer and never merged: the same kid of two issuers is two keys. */
export type TrustedIssuer = { readonly issuer: string; readonly keys: readonly VerificationKey[] };

/** A public key on P-384. */
export type VerificationKey = {
  readonly kid: string;
  /** Coordinates as a JWK has them: base64url of 48 bytes each. */
  readonly x: string;
  readonly y: string;
  /** What it may sign. */
  readonly classes: readonly TokenClass[];
  /** It verifies nothing from then on. */
  readonly notAfter: number | undefined;
};

/** What is no longer taken though its signature holds. An empty issuer is the node's own. */
export type Revocation = {
  readonly issuer: string;
  readonly what: RevokedThing;
  readonly revokedAt: number;
  /** From then on nothing is left that it could speak of. Undefined: it is kept for ever. */
  readonly until: number | undefined;
  readonly reason: string;
};

type RevokedThing =
  | { readonly kind: "jti"; readonly jti: string }
  | { readonly kind: "kid"; readonly kid: string }
  | { readonly kind: "issuedBefore"; readonly at: number };

/** Nobody is believed. */
export const noTrust: Trust = { ownIssuer: "", issuers: [], revocations: [] };

/** What a verifier keeps at most. */
export const trustBounds = { issuers: 64, keys: 32, revocations: 10_000 } as const;

/** Who asks, as a verified token says it. */
export type Claims = {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly class: TokenClass;
  readonly jti: string;
  readonly kid: string;
  readonly scope: readonly string[];
  /** Of a service token. */
  readonly clientId: string | undefined;
  /** `act.sub`: the sending node. */
  readonly actor: string | undefined;
  /** Of an internal token: how often it was passed through. */
  readonly hop: number;
  /** In seconds of the epoch, as the token has them. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** It is taken from then on, where it says so. */
  readonly notBefore: number | undefined;
};
