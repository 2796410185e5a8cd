import { decodeBase64url } from "./base64url.ts";
import { isObject, type JsonObject, parseJsonObject } from "./strict-json.ts";
import type { TokenClass } from "./token-classes.ts";
import { isKid } from "./token-header.ts";
import { trustBounds, type VerificationKey } from "./trust.ts";

/** The largest set that is looked at, in bytes. */
export const maxJwksBytes = 65_536;

/** What other issuers' keys may sign: nodes of other organizations peer by other means. */
export const foreignClasses: readonly TokenClass[] = ["service"];

/** Members of a private or a symmetric key (RFC 7518, 6). */
const secretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** Why a set is not taken, in words that hold nothing of the set but a kid. */
export type JwksRead =
  | { readonly kind: "keys"; readonly keys: readonly VerificationKey[] }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Reads a JWK set (RFC 7517). Keys of other kinds, curves or uses are left out, as the RFC wants; one that is for ES384
 * and not whole, a kid twice, or anything secret refuses the whole set. An empty one is a set: it takes all keys back.
 * Whether a point lies on the curve is for who can compute it.
 */
export function readJwks(bytes: Uint8Array): JwksRead {
  if (bytes.length > maxJwksBytes) return refused(`more than ${maxJwksBytes / 1024} KiB`);
  const set = parseJsonObject(bytes);
  const all = set?.["keys"];
  if (!Array.isArray(all)) return refused(`not a JWK set, such as {"keys": []}`);
  if (all.length > trustBounds.keys) return refused(`${all.length} keys; at most ${trustBounds.keys} are kept`);
  if (!all.every(isObject)) return refused("a key that is no object");
  if (all.some((jwk) => secretMembers.some((member) => Object.hasOwn(jwk, member)))) {
    return refused("a private or a secret key: take it out, make a new one, and publish only the public half");
  }
  const ours = all.filter(isForUs);
  if (ours.length === 0 && all.length > 0) return refused("no key on P-384 for ES384");
  const keys = ours.map(readKey);
  const whole = keys.filter((key) => key !== undefined);
  if (whole.length < keys.length)
    return refused("a key on P-384 without a kid, or whose x and y are not 48 bytes each");
  const twice = whole.find(({ kid }, index) => whole.findIndex((other) => other.kid === kid) !== index);
  return twice === undefined ? { kind: "keys", keys: whole } : refused(`two keys of the kid ${twice.kid}`);
}

/** A key on P-384 that may verify ES384. */
function isForUs({ kty, crv, use = "sig", alg = "ES384", key_ops: operations = ["verify"] }: JsonObject): boolean {
  const verifies = Array.isArray(operations) && operations.includes("verify");
  return kty === "EC" && crv === "P-384" && use === "sig" && alg === "ES384" && verifies;
}

function readKey({ kid, x, y }: JsonObject): VerificationKey | undefined {
  if (!isKid(kid) || !isCoordinate(x) || !isCoordinate(y)) return undefined;
  return { kid, x, y, classes: foreignClasses, notAfter: undefined };
}

function isCoordinate(value: unknown): value is string {
  return typeof value === "string" && decodeBase64url(value)?.length === 48;
}

function refused(reason: string): JwksRead {
  return { kind: "refused", reason };
}
