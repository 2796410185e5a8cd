import type { PublicPart } from "@catalyst-node/adapters/keys";
import {
  allClasses,
  endOf,
  type IssuedToken,
  type KeyRing,
  type Registry,
  type Revocation,
  type Trust,
} from "@catalyst-node/core/trust";

/** What auth remembers over its end, but its secrets and the issued tokens. */
export type Held = {
  /** Greater with each change. */
  readonly version: number;
  readonly ring: KeyRing;
  /** Of each key of the ring. */
  readonly publics: readonly PublicPart[];
  readonly revocations: readonly Revocation[];
};

export const nothingHeld: Held = { version: 0, ring: [], publics: [], revocations: [] };

/** What a verifier has to know. A key of this node's own may sign every class. */
export function trustOf({ ring, publics, revocations }: Held, ownIssuer: string): Trust {
  const keys = ring.flatMap((key) => {
    const half = publics.find(({ kid }) => kid === key.kid);
    return half === undefined ? [] : [{ ...half, classes: allClasses, notAfter: endOf(key) }];
  });
  return { ownIssuer, issuers: [{ issuer: ownIssuer, keys }], revocations };
}

/** The JWK set (RFC 7517, 5) of all keys, prepared ones included. */
export function jwksOf({ ring, publics }: Held): string {
  const keys = ring.flatMap(({ kid }) => {
    const half = publics.find((one) => one.kid === kid);
    return half === undefined ? [] : [{ kty: "EC", crv: "P-384", x: half.x, y: half.y, kid, alg: "ES384", use: "sig" }];
  });
  return JSON.stringify({ keys });
}

/** Reads what was kept; undefined when it is nothing of ours. */
export function parseHeld(payload: unknown): Held | undefined {
  return isHeld(payload) ? payload : undefined;
}

/** The same for issued tokens. */
export function parseRegistry(payload: unknown): Registry | undefined {
  return Array.isArray(payload) && payload.every(isIssued) ? payload : undefined;
}

function isHeld(value: unknown): value is Held {
  return (
    isRecord(value) &&
    typeof value["version"] === "number" &&
    isListOf(value["ring"], (key) => isText(key["kid"]) && isText(key["state"]) && isNumber(key["createdAt"])) &&
    isListOf(value["publics"], (half) => isText(half["kid"]) && isText(half["x"]) && isText(half["y"])) &&
    isListOf(
      value["revocations"],
      (one) => isText(one["issuer"]) && isRecord(one["what"]) && isNumber(one["revokedAt"]),
    )
  );
}

function isIssued(value: unknown): value is IssuedToken {
  if (!isRecord(value)) return false;
  const texts = ["jti", "kid", "subject", "clientId", "audience", "name", "purpose"];
  return (
    texts.every((name) => isText(value[name])) &&
    Array.isArray(value["scope"]) &&
    isNumber(value["issuedAt"]) &&
    isNumber(value["expiresAt"])
  );
}

function isListOf(value: unknown, isOne: (item: Readonly<Record<string, unknown>>) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isRecord(item) && isOne(item));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
