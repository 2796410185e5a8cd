import type { DecodedToken } from "../token/decode.ts";
import { renderFields } from "../table.ts";
import { formatAge } from "../times.ts";

/** What a token says, as `-o json` shows it: its claims as they are, and its times as people read them. */
export type ClaimsItem = DecodedToken & {
  readonly issuedAt: string | null;
  readonly notBefore: string | null;
  readonly expiresAt: string | null;
  /** Less than 0: it expired so long ago. */
  readonly secondsUntilExpiry: number | null;
};

export function claimsItem({ header, claims }: DecodedToken, now: Date): ClaimsItem {
  const { iat, nbf, exp } = claims;
  const seconds = isTime(exp) ? exp - Math.floor(now.getTime() / 1_000) : null;
  return {
    header,
    claims,
    issuedAt: timeOf(iat),
    notBefore: timeOf(nbf),
    expiresAt: timeOf(exp),
    secondsUntilExpiry: seconds,
  };
}

/** One line for each claim, in the order in which the token has them. */
export function claimsText({ header, claims, secondsUntilExpiry }: ClaimsItem): string {
  return renderFields([
    ...Object.entries(header).map(([name, value]) => [name, textOf(value)] as const),
    ...Object.entries(claims).map(([name, value]) => [name, claimText(name, value)] as const),
    ["Life", secondsUntilExpiry === null ? "it never says" : lifeText(secondsUntilExpiry)],
  ]);
}

/** "expires in 14m", "expired 3s ago". */
function lifeText(secondsUntilExpiry: number): string {
  return secondsUntilExpiry > 0
    ? `expires in ${formatAge(secondsUntilExpiry)}`
    : `expired ${formatAge(-secondsUntilExpiry)} ago`;
}

function claimText(name: string, value: unknown): string {
  const time = ["iat", "nbf", "exp"].includes(name) ? timeOf(value) : null;
  return time === null ? textOf(value) : `${textOf(value)} (${time})`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Seconds of the epoch that a date can show. */
function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && Math.abs(Number(value)) <= 8_640_000_000_000;
}

function timeOf(value: unknown): string | null {
  return isTime(value) ? new Date(value * 1_000).toISOString() : null;
}
