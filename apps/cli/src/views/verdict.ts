import type { adminV1 } from "@catalyst-node/adapters/rpc";
import { renderFields } from "../table.ts";
import { type ClaimsItem, claimsItem, claimsText } from "./claims.ts";

/** Whether a token is taken, as `-o json` shows it; its claims only when its signature holds. */
export type VerdictItem = {
  readonly valid: boolean;
  /** A word of docs/identity.md; empty when valid. */
  readonly reason: string;
  readonly kid: string;
  readonly token: ClaimsItem | null;
};

export function verdictItem({ valid, reason, kid, claimsJson }: adminV1.VerifyTokenResponse, now: Date): VerdictItem {
  const claims = objectOf(claimsJson);
  return { valid, reason, kid, token: claims ? claimsItem({ header: {}, claims }, now) : null };
}

export function verdictText({ valid, reason, kid, token }: VerdictItem): string {
  const verdict = renderFields([
    ["Token", valid ? "valid" : "not valid"],
    ["Reason", reason],
    ["kid", kid],
  ]);
  return token === null ? verdict : `${verdict}${claimsText(token)}`;
}

function objectOf(json: string): Readonly<Record<string, unknown>> | undefined {
  if (json === "") return undefined;
  const value: unknown = JSON.parse(json);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
