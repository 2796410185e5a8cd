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
