import type { TokenRefusal } from "./refusals.ts";
import type { JsonObject } from "./strict-json.ts";

/** What a token may say about itself: nothing that a verifier would have to fetch, or to obey. */
export type TokenHeader = { readonly alg: string; readonly typ: string; readonly kid: string };

/** Whether a text can be a key's name: 1 to 128 visible ASCII characters. */
export function isKid(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]{1,128}$/.test(value);
}

/** The header, or why the token is refused for it. ES384 is spelt in one way, and `none` in none. */
export function readHeader(members: JsonObject): TokenHeader | TokenRefusal {
  const { alg, typ, kid } = members;
  // A member beyond the three may tell where a key is (jku, x5u, jwk) or change what is signed (crit, b64, zip).
  if (Object.keys(members).length !== 3 || typeof typ !== "string" || !isKid(kid)) return "header";
  return alg === "ES384" ? { alg, typ, kid } : "algorithm";
}
