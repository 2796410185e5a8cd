import type { authV1 } from "@catalyst-node/adapters/rpc";
import type { Column } from "../table.ts";
import { formatAge, isoTime, secondsSince, secondsUntil } from "../times.ts";
import { paintState } from "./state.ts";

/** A service token that was issued, as `-o json` shows it; never its text. */
export type TokenItem = {
  readonly jti: string;
  readonly kid: string;
  readonly state: "good" | "expired" | "revoked";
  readonly subject: string;
  readonly clientId: string;
  readonly audience: string;
  readonly scope: readonly string[];
  readonly name: string;
  readonly purpose: string;
  readonly issuedAt: string;
  readonly secondsSinceIssued: number | null;
  readonly expiresAt: string;
  readonly secondsUntilExpiry: number | null;
  readonly revokedAt: string;
};

export function tokenItem(token: authV1.IssuedToken, now: Date): TokenItem {
  const { jti, kid, subject, clientId, audience, scope, name, purpose, issuedAt, expiresAt, revokedAt } = token;
  const left = secondsUntil(expiresAt, now) ?? null;
  return {
    jti,
    kid,
    state: revokedAt ? "revoked" : left !== null && left <= 0 ? "expired" : "good",
    subject,
    clientId,
    audience,
    scope,
    name,
    purpose,
    issuedAt: isoTime(issuedAt),
    secondsSinceIssued: secondsSince(issuedAt, now) ?? null,
    expiresAt: isoTime(expiresAt),
    secondsUntilExpiry: left,
    revokedAt: isoTime(revokedAt),
  };
}

export const tokenColumns: readonly Column<TokenItem>[] = [
  { title: "JTI", text: ({ jti }) => jti },
  { title: "STATE", text: ({ state }) => state, paint: (cell, { state }) => paintState(cell, state) },
  { title: "SUBJECT", text: ({ subject }) => subject },
  { title: "CLIENT", text: ({ clientId }) => clientId, wide: true },
  { title: "AUDIENCE", text: ({ audience }) => audience },
  { title: "SCOPE", text: ({ scope }) => scope.join(" ") || "-" },
  {
    title: "ISSUED",
    text: ({ secondsSinceIssued }) => `${formatAge(secondsSinceIssued ?? undefined)} ago`,
    wide: true,
  },
  { title: "EXPIRES", text: ({ secondsUntilExpiry }) => expiry(secondsUntilExpiry) },
  { title: "KID", text: ({ kid }) => kid, wide: true },
  { title: "NAME", text: ({ name }) => name },
  { title: "PURPOSE", text: ({ purpose }) => purpose, wide: true },
];

function expiry(seconds: number | null): string {
  if (seconds === null) return "never";
  return seconds > 0 ? `in ${formatAge(seconds)}` : `${formatAge(-seconds)} ago`;
}
