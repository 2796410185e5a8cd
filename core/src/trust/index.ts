export { authSettings } from "./auth-settings.ts";
export { type Expected, inspectToken, type Unproven } from "./inspect-token.ts";
export { findKey, indexTrust, type TrustIndex } from "./index-trust.ts";
export {
  forgetRevocations,
  issuedBefore,
  type IssuedToken,
  listIssued,
  maxIssued,
  register,
  type Registry,
  revoke,
  revokedAt,
} from "./issued.ts";
export {
  activatePrepared,
  addKey,
  endOf,
  isFull,
  type KeyLife,
  type KeyRing,
  type KeySettings,
  type KeyState,
  type KeyStep,
  nextAt,
  removeKey,
  retireLost,
  stepKeys,
} from "./key-life.ts";
export { foreignClasses, type JwksRead, maxJwksBytes, readJwks } from "./jwks.ts";
export { trustProblem, trustProblems } from "./problems.ts";
export { recheck } from "./recheck.ts";
export { type Refused, type TokenRefusal, tokenRefusals } from "./refusals.ts";
export { claimsFor, type Signing, type Unsigned } from "./sign-claims.ts";
export { allClasses, clockSkew, keyRefresh, maxTokenLength, type TokenClass, tokenClasses } from "./token-classes.ts";
export { type TokenRequest } from "./token-request.ts";
export {
  type Claims,
  noTrust,
  type Revocation,
  type Trust,
  trustBounds,
  type TrustedIssuer,
  type VerificationKey,
} from "./trust.ts";
