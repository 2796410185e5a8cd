export {
  createTokenVerifier,
  isRefused,
  type RefusedToken,
  type TokenCounters,
  type TokenVerifier,
  type Verdict,
} from "./token-verifier.ts";
export { isPoint, verifyEs384 } from "./verify-es384.ts";
