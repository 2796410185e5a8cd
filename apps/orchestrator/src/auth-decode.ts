import {
  type authV1,
  fromWireIssuer,
  fromWireRevocation,
  fromWireTime,
  type trustV1,
} from "@catalyst-node/adapters/rpc";
import type { AuthKey, AuthStatus, OwnTrust } from "@catalyst-node/core/node";
import { type Revocation, trustBounds } from "@catalyst-node/core/trust";
import { keyStateOf, keyStates } from "./auth-words.ts";
import { decodeNumber, decodeProblem } from "./wire.ts";

/** What auth tells verifiers, as the model has it. Throws on what no sane auth tells: the connection then counts as broken. */
export function decodeOwnTrust({ issuer, revocations, version }: authV1.WatchTrustResponse): OwnTrust {
  if (issuer === undefined || issuer.issuer === "") throw new Error("auth told no issuer");
  if (issuer.keys.length > trustBounds.keys) throw new Error(`auth told ${issuer.keys.length} keys`);
  if (revocations.length > trustBounds.revocations) throw new Error(`auth told ${revocations.length} revocations`);
  return {
    issuer: fromWireIssuer(issuer),
    revocations: revocations.map(decodeRevocation),
    version: decodeNumber(version),
  };
}

export function decodeAuthStatus(status: authV1.GetStatusResponse): AuthStatus {
  const { counters } = status;
  return {
    instanceId: status.instanceId,
    version: status.version,
    pid: status.pid,
    startedAt: fromWireTime(status.startedAt),
    organization: status.organization,
    node: status.node,
    issuer: status.issuer,
    ready: status.ready,
    problems: status.problems.map(decodeProblem),
    listeners: status.listeners.map(({ name, url }) => ({ name, url })),
    keys: status.keys.flatMap(decodeAuthKey),
    settingsDigest: status.settingsDigest,
    counters: counters && {
      signed: decodeNumber(counters.signed),
      verified: decodeNumber(counters.verified),
      refused: Object.fromEntries(
        Object.entries(counters.refused).map(([reason, count]) => [reason, decodeNumber(count)]),
      ),
      denied: decodeNumber(counters.denied),
    },
  };
}

export function decodeRevocation(revocation: trustV1.Revocation): Revocation {
  if (revocation.what.case === undefined) throw new Error("auth told a revocation of nothing");
  return fromWireRevocation(revocation);
}

function decodeAuthKey(key: authV1.Key): readonly AuthKey[] {
  const state = keyStates.find((name) => keyStateOf[name] === key.state);
  if (state === undefined) return [];
  const { kid, createdAt, activatedAt, retiredAt, nextAt } = key;
  const times = {
    createdAt: fromWireTime(createdAt),
    activatedAt: fromWireTime(activatedAt),
    retiredAt: fromWireTime(retiredAt),
    nextAt: fromWireTime(nextAt),
  };
  return [{ kid, state, ...times }];
}
