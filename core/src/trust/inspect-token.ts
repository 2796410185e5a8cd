import { decodeBase64url } from "./base64url.ts";
import { findKey, type TrustIndex } from "./index-trust.ts";
import { recheck } from "./recheck.ts";
import type { Refused, TokenRefusal } from "./refusals.ts";
import { parseJsonObject } from "./strict-json.ts";
import { maxTokenLength, type TokenClass, tokenClasses } from "./token-classes.ts";
import { isText, readClaims } from "./token-claims.ts";
import { isKid, readHeader } from "./token-header.ts";
import type { Claims, VerificationKey } from "./trust.ts";

/** An ES384 signature: 96 bytes (RFC 7518 3.4). */
const signatureLength = 128;

/** What is expected of a token where it is shown. */
export type Expected = {
  /** What `aud` has to be; undefined: any one audience. */
  readonly audience: string | undefined;
  readonly classes: readonly TokenClass[];
};

/** Everything about it is as it should be, if the signature holds. */
export type Unproven = {
  readonly kind: "unproven";
  readonly claims: Claims;
  readonly key: VerificationKey;
  readonly signingInput: string;
  /** 128 characters of base64url. */
  readonly signature: string;
};

/**
 * Judges all of a token but its signature, the cheapest first, at `now` ms of the epoch. What is read before the
 * signature is checked only serves to refuse.
 */
export function inspectToken(
  text: string,
  index: TrustIndex,
  { audience, classes, now }: Expected & { readonly now: number },
): Refused | Unproven {
  if (text.length > maxTokenLength) return { kind: "refused", reason: "too-long" };
  const segments = text.split(".", 4);
  const [headerText = "", claimsText = "", signature = ""] = segments;
  const headerBytes = decodeBase64url(headerText);
  const claimsBytes = decodeBase64url(claimsText);
  const isSignature = signature.length === signatureLength && decodeBase64url(signature) !== undefined;
  if (segments.length !== 3 || !headerBytes || !claimsBytes || !isSignature) return refused("malformed");

  const headerMembers = parseJsonObject(headerBytes);
  const members = parseJsonObject(claimsBytes);
  if (headerMembers === undefined) return refused("header");
  const said = { issuer: members?.["iss"], kid: headerMembers["kid"], jti: members?.["jti"] };
  const header = readHeader(headerMembers);
  if (typeof header === "string") return refused(header, said);
  const of = classes.find((name) => tokenClasses[name].typ === header.typ);
  if (of === undefined) return refused("class", said);
  if (members === undefined) return refused("malformed", said);

  const issuer = members["iss"];
  if (!isText(issuer) || !index.issuers.has(issuer)) return refused("issuer", said);
  const key = findKey(index, issuer, header.kid);
  if (key === undefined) return refused("unknown-key", said);
  const claims = readClaims(members, { class: of, issuer, kid: key.kid });
  if (typeof claims === "string") return refused(claims, said);
  if (audience !== undefined && claims.audience !== audience) return refused("audience", said);
  const reason = recheck(claims, index, now);
  if (reason !== undefined) return refused(reason, said);
  return { kind: "unproven", claims, key, signingInput: text.slice(0, -(signatureLength + 1)), signature };
}

function refused(
  reason: TokenRefusal,
  said: { readonly issuer?: unknown; readonly kid?: unknown; readonly jti?: unknown } = {},
): Refused {
  return {
    kind: "refused",
    reason,
    issuer: isText(said.issuer) ? said.issuer : undefined,
    kid: isKid(said.kid) ? said.kid : undefined,
    jti: isText(said.jti) ? said.jti : undefined,
  };
}
