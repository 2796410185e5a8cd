import type { Trust, VerificationKey } from "./trust.ts";

/** A trust made ready to be asked once for each token. */
export type TrustIndex = { readonly issuers: ReadonlyMap<string, IssuerIndex> };

/** Nothing is shared between issuers: neither keys nor what was taken back. */
type IssuerIndex = {
  readonly keys: ReadonlyMap<string, VerificationKey>;
  readonly revokedTokens: ReadonlySet<string>;
  readonly revokedKeys: ReadonlySet<string>;
  /** In ms; what was issued before is taken back. */
  readonly revokedBefore: number;
};

/** Of an issuer, or a kid of one, that stands twice the first counts. Revocations of issuers that are not trusted say nothing. */
export function indexTrust({ ownIssuer, issuers, revocations }: Trust): TrustIndex {
  const index = new Map<string, ReturnType<typeof openIssuer>>();
  for (const { issuer, keys } of issuers) {
    if (!index.has(issuer)) index.set(issuer, openIssuer(keys));
  }
  for (const { issuer, what } of revocations) {
    const of = index.get(issuer === "" ? ownIssuer : issuer);
    if (of === undefined) continue;
    if (what.kind === "jti") of.revokedTokens.add(what.jti);
    else if (what.kind === "kid") of.revokedKeys.add(what.kid);
    else of.revokedBefore = Math.max(of.revokedBefore, what.at);
  }
  return { issuers: index };
}

/** The key that an issuer calls so. */
export function findKey({ issuers }: TrustIndex, issuer: string, kid: string): VerificationKey | undefined {
  return issuers.get(issuer)?.keys.get(kid);
}

function openIssuer(keys: readonly VerificationKey[]) {
  const byKid = new Map<string, VerificationKey>();
  for (const key of keys) if (!byKid.has(key.kid)) byKid.set(key.kid, key);
  return { keys: byKid, revokedTokens: new Set<string>(), revokedKeys: new Set<string>(), revokedBefore: 0 };
}
