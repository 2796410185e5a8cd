export { type Expected, inspectToken, type Unproven } from "./inspect-token.ts";
export { findKey, indexTrust, type TrustIndex } from "./index-trust.ts";
export { recheck } from "./recheck.ts";
export { type Refused, type TokenRefusal, tokenRefusals } from "./refusals.ts";
export { clockSkew, keyRefresh, maxTokenLength, type TokenClass, tokenClasses } from "./token-classes.ts";
export {
  type Claims,
  noTrust,
  type Revocation,
  type Trust,
  trustBounds,
  type TrustedIssuer,
  type VerificationKey,
} from "./trust.ts";
