import type { TokenRefusal } from "./refusals.ts";
import { isObject, type JsonObject } from "./strict-json.ts";
import { type TokenClass, tokenClasses } from "./token-classes.ts";
import type { Claims } from "./trust.ts";

const maxText = 256;
const maxScope = 64;
/** How often a request may be passed through. */
const maxHops = 8;

/** What the header has told. */
type Known = { readonly class: TokenClass; readonly issuer: string; readonly kid: string };

/** The claims of a class, or why the token is refused for them: their form alone, whatever the time is and whoever asks. */
export function readClaims(members: JsonObject, known: Known): Claims | TokenRefusal {
  const subject = members["sub"];
  const jti = members["jti"];
  const audience = readAudience(members["aud"]);
  if (audience === undefined) return "audience";
  const times = readTimes(members);
  const scope = readScope(members["scope"]);
  const own = readOwn(members, known.class);
  if (!isText(subject) || !isText(jti) || times === undefined || scope === undefined || own === undefined) {
    return "claims";
  }
  // Proof of possession (RFC 7800) that nobody here would check must not be taken for a bearer's token.
  if (Object.hasOwn(members, "cnf")) return "claims";
  const lifetime = times.expiresAt - times.issuedAt;
  if (lifetime <= 0 || lifetime > tokenClasses[known.class].maxLifetime) return "lifetime";
  return { ...known, subject, audience, jti, scope, ...own, ...times };
}

/** 1 to 256 characters, none of them a control character or half of one. */
export function isText(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.length > 0 &&
    value.length <= maxText &&
    value.isWellFormed() &&
    !/\p{Cc}/u.test(value)
  );
}

/** At most 64 words of RFC 6749 3.3, each of at most 256 characters. */
export function isScope(words: readonly string[]): boolean {
  return words.length <= maxScope && words.every((word) => /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(word));
}

/** Whether a request may have been passed through so often. */
export function isHop(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maxHops;
}

/** Exactly one: as a text, or as a list of one text, which RFC 7519 4.1.3 calls the same. */
function readAudience(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isText(one) ? one : undefined;
}

function readTimes({ exp, iat, nbf }: JsonObject): Pick<Claims, "expiresAt" | "issuedAt" | "notBefore"> | undefined {
  if (!isTime(exp) || !isTime(iat)) return undefined;
  if (nbf === undefined) return { expiresAt: exp, issuedAt: iat, notBefore: undefined };
  return isTime(nbf) ? { expiresAt: exp, issuedAt: iat, notBefore: nbf } : undefined;
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** A scope's words with one space between; absent or empty, there are none. */
function readScope(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === "") return [];
  if (typeof value !== "string") return undefined;
  const words = value.split(" ", maxScope + 1);
  return isScope(words) ? words : undefined;
}

/** What only some classes have. */
function readOwn(members: JsonObject, of: TokenClass): Pick<Claims, "clientId" | "actor" | "hop"> | undefined {
  const clientId = members["client_id"];
  const actor = readActor(members["act"]);
  const { hop = 0 } = members;
  const isSent = of === "internal" || of === "peer";
  // Who sends must be told by the classes that cross nodes, and by them alone.
  if (isSent ? actor === undefined : Object.hasOwn(members, "act")) return undefined;
  if (of === "service" && !isText(clientId)) return undefined;
  if (of === "internal" ? !isHop(hop) : Object.hasOwn(members, "hop")) return undefined;
  return {
    clientId: of === "service" && isText(clientId) ? clientId : undefined,
    actor,
    hop: of === "internal" ? Number(hop) : 0,
  };
}

/** One sender, flat (RFC 8693 4.1): no chain, and nothing else about it. */
function readActor(value: unknown): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const { sub } = value;
  return isText(sub) ? sub : undefined;
}
