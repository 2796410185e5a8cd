import { fail, ok, type Result } from "../model/index.ts";
import { trustProblem } from "./problems.ts";
import { type Revocation, trustBounds } from "./trust.ts";

/** A service token that was issued; never its text. Times in seconds of the epoch, as the token has them. */
export type IssuedToken = {
  readonly jti: string;
  readonly kid: string;
  readonly subject: string;
  readonly clientId: string;
  readonly audience: string;
  readonly scope: readonly string[];
  /** For people; may be empty. */
  readonly name: string;
  readonly purpose: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
};

/** In the order in which they were issued. */
export type Registry = readonly IssuedToken[];

/** How many tokens are kept, expired ones included. */
export const maxIssued = 10_000;
/** How long an expired one can still be listed, in seconds. */
const memory = 86_400;

/** Notes a token down. What has expired makes room where there is none; `CAT-TRUST-010` where that does not help. */
export function register(registry: Registry, token: IssuedToken, now: number): Result<Registry> {
  const remembered = registry.filter(({ expiresAt }) => expiresAt + memory > now / 1000);
  const kept =
    remembered.length < maxIssued ? remembered : remembered.filter(({ expiresAt }) => expiresAt > now / 1000);
  if (kept.length >= maxIssued) return fail(trustProblem("CAT-TRUST-010"));
  return ok([...kept, token]);
}

/** Those that have not expired, or all that are remembered; the newest first. */
export function listIssued(registry: Registry, now: number, expired: boolean): readonly IssuedToken[] {
  const least = now / 1000 - (expired ? memory : 0);
  return registry.filter(({ expiresAt }) => expiresAt > least).toReversed();
}

/**
 * Made once for many tokens of this node: when each was taken back, by whatever revocation stands first; undefined: it
 * was not. In ms.
 */
export function revokedAt(revocations: readonly Revocation[]): (token: IssuedToken) => number | undefined {
  const own = revocations.filter(({ issuer }) => issuer === "");
  const places = new Map(own.map((one, place) => [nameOf(one.what), place]));
  const times = own.flatMap(({ what }, place) => (what.kind === "issuedBefore" ? [{ at: what.at, place }] : []));
  return ({ jti, kid, issuedAt }) => {
    const first = Math.min(
      places.get(nameOf({ kind: "jti", jti })) ?? Infinity,
      places.get(nameOf({ kind: "kid", kid })) ?? Infinity,
      times.find(({ at }) => issuedAt * 1000 < at)?.place ?? Infinity,
    );
    return own[first]?.revokedAt;
  };
}

/** Adds a revocation, in the place of an older word on the same thing. `CAT-TRUST-011` when there are too many. */
export function revoke(
  revocations: readonly Revocation[],
  revocation: Revocation,
  now: number,
): Result<readonly Revocation[]> {
  const kept = forgetRevocations(revocations, now).filter((one) => !isReplaced(one, revocation));
  if (kept.length >= trustBounds.revocations) return fail(trustProblem("CAT-TRUST-011"));
  return ok([...kept, revocation]);
}

/** Without those that nothing is left of. */
export function forgetRevocations(revocations: readonly Revocation[], now: number): readonly Revocation[] {
  return revocations.filter(({ until }) => until === undefined || until > now);
}

/** The time before which no token of this node is taken, in ms; 0 where none was told. */
export function issuedBefore(revocations: readonly Revocation[]): number {
  return Math.max(
    0,
    ...revocations.map(({ issuer, what }) => (issuer === "" && what.kind === "issuedBefore" ? what.at : 0)),
  );
}

function isReplaced(old: Revocation, next: Revocation): boolean {
  if (old.issuer !== next.issuer) return false;
  // Of two times the later says all that the earlier said.
  if (next.what.kind === "issuedBefore") return old.what.kind === "issuedBefore" && old.what.at <= next.what.at;
  return nameOf(old.what) === nameOf(next.what);
}

function nameOf(what: Revocation["what"]): string {
  return what.kind === "issuedBefore"
    ? `before ${what.at}`
    : `${what.kind} ${what.kind === "jti" ? what.jti : what.kid}`;
}
