import { hash } from "node:crypto";
import { authV1, create, timestampFromMs, toWireCounts } from "@catalyst-node/adapters/rpc";
import type { TokenVerifier } from "@catalyst-node/adapters/tokens";
import { authSettings } from "@catalyst-node/core/trust";
import type { Custody } from "./custody.ts";
import type { AuthOptions } from "./options.ts";
import type { Listener } from "./ready-line.ts";
import { version } from "./version.ts";

/** What a process is and has done since its start. */
export type Self = {
  readonly instanceId: string;
  readonly startedAt: number;
  readonly listeners: readonly Listener[];
};

export type Tally = { signed: number; denied: number };

export function statusMessage(
  { organization, node, auth, log }: AuthOptions["config"],
  { instanceId, startedAt, listeners, keys }: Self & { readonly keys: authV1.Key[] },
  custody: Custody,
  verifier: TokenVerifier,
  tally: Tally,
): authV1.GetStatusResponse {
  const { problems } = custody;
  const { accepted, refused } = verifier.counters;
  return create(authV1.GetStatusResponseSchema, {
    instanceId,
    version,
    pid: process.pid,
    startedAt: timestampFromMs(startedAt),
    organization,
    node,
    issuer: auth.issuer,
    ready: problems.length === 0,
    problems: [...problems],
    listeners: [...listeners],
    keys,
    settingsDigest: hash("sha256", authSettings({ auth, log })),
    counters: {
      signed: BigInt(tally.signed),
      verified: BigInt(accepted),
      refused: toWireCounts<string>(refused),
      denied: BigInt(tally.denied),
    },
  });
}
