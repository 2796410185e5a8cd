import type { TrustIndex } from "./index-trust.ts";
import type { TokenRefusal } from "./refusals.ts";
import { clockSkew } from "./token-classes.ts";
import type { Claims } from "./trust.ts";

/**
 * Why claims whose signature holds are not taken now, at `now` ms of the epoch: all that can change after a token was
 * verified. Undefined: they still are.
 */
export function recheck(claims: Claims, index: TrustIndex, now: number): TokenRefusal | undefined {
  const issuer = index.issuers.get(claims.issuer);
  if (issuer === undefined) return "issuer";
  const key = issuer.keys.get(claims.kid);
  if (key === undefined) return "unknown-key";
  if (!key.classes.includes(claims.class)) return "class";
  if (key.notAfter !== undefined && now >= key.notAfter) return "retired-key";
  return (
    refusalByTime(claims, now) ??
    (issuer.revokedKeys.has(claims.kid) ||
    issuer.revokedTokens.has(claims.jti) ||
    claims.issuedAt * 1000 < issuer.revokedBefore
      ? "revoked"
      : undefined)
  );
}

function refusalByTime({ expiresAt, issuedAt, notBefore }: Claims, now: number): TokenRefusal | undefined {
  const seconds = now / 1000;
  if (seconds >= expiresAt + clockSkew) return "expired";
  return Math.max(issuedAt, notBefore ?? issuedAt) > seconds + clockSkew ? "not-yet" : undefined;
}
