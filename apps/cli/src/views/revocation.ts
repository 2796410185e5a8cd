import type { adminV1 } from "@catalyst-node/adapters/rpc";
import { renderFields } from "../table.ts";
import { isoTime } from "../times.ts";

/** What was taken back, as `-o json` shows it. */
export type RevocationItem = {
  /** Empty: the node's own. */
  readonly issuer: string;
  readonly jti: string | null;
  readonly kid: string | null;
  readonly issuedBefore: string | null;
  readonly revokedAt: string;
  /** Until then it is kept; "never" is for ever. */
  readonly until: string;
  readonly reason: string;
  /** The gateway has acknowledged it. */
  readonly effective: boolean;
};

export function revocationItem({ revocation, effective }: adminV1.RevokeResponse): RevocationItem {
  const what = revocation?.what;
  return {
    issuer: revocation?.issuer ?? "",
    jti: what?.case === "jti" ? what.value : null,
    kid: what?.case === "kid" ? what.value : null,
    issuedBefore: what?.case === "issuedBefore" ? isoTime(what.value) : null,
    revokedAt: isoTime(revocation?.revokedAt),
    until: isoTime(revocation?.until),
    reason: revocation?.reason ?? "",
    effective,
  };
}

export function revocationText({ issuer, jti, kid, issuedBefore, until, effective, ...told }: RevocationItem): string {
  return renderFields([
    ["Revoked", jti !== null ? `jti ${jti}` : kid !== null ? `kid ${kid}` : `all issued before ${issuedBefore}`],
    ["Issuer", issuer === "" ? "the node's own" : issuer],
    ["Reason", told.reason],
    ["At", told.revokedAt],
    ["Kept until", until === "never" ? "for ever" : until],
    [
      "Effective",
      effective ? "yes, the gateway has acknowledged it" : "not yet: the gateway is told as soon as it answers",
    ],
  ]);
}
