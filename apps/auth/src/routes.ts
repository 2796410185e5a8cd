import type { Pseudonyms, Signer } from "@catalyst-node/adapters/keys";
import type { Logger } from "@catalyst-node/adapters/log";
import {
  authV1,
  callerNames,
  Code,
  ConnectError,
  type ConnectRouter,
  type HandlerContext,
  healthRoutes,
  toConnectError,
  toWireRevocation,
} from "@catalyst-node/adapters/rpc";
import type { TokenVerifier } from "@catalyst-node/adapters/tokens";
import { formatProblem, type Problem, type Result } from "@catalyst-node/core/model";
import {
  type KeySettings,
  listIssued,
  nextAt,
  revokedAt,
  type Trust,
  type TokenRequest,
} from "@catalyst-node/core/trust";
import type { Custody } from "./custody.ts";
import type { RotateMode } from "./custody-parts.ts";
import { jwksOf } from "./held.ts";
import type { AuthOptions } from "./options.ts";
import { authProblem } from "./problems.ts";
import { type Call, mayCall, maySign, type Role } from "./roles.ts";
import { readRevocation } from "./revoke.ts";
import { signToken } from "./sign.ts";
import { type Self, statusMessage, type Tally } from "./status.ts";
import { verifyTokens } from "./verify.ts";
import { keyMessage, tokenMessage, trustMessage } from "./wire.ts";

export type AuthParts = {
  readonly config: AuthOptions["config"];
  readonly settings: KeySettings;
  readonly custody: Custody;
  readonly trust: () => Trust;
  readonly pseudonyms: Pseudonyms;
  readonly signer: Signer;
  readonly verifier: TokenVerifier;
  readonly self: () => Self;
  readonly tally: Tally;
  readonly log: Logger;
};

/** Who a caller is, by its certificate's names (none on a unix socket); undefined: nobody that is let in. */
export type RoleOf = (names: readonly string[]) => Role | undefined;

/** A watcher hears something at least this often, in ms: half of what auth.proto promises. */
const heartbeatMs = 5_000;
const maxWatchers = 16;

/** Serves catalyst.auth.v1 and grpc.health.v1 to whoever comes by one door. Each call is looked up in the tables of roles. */
export function authRoutes(parts: AuthParts, roleOf: RoleOf): (router: ConnectRouter) => void {
  const { config, settings, custody, trust, verifier, self, tally, log } = parts;
  const verify = verifyTokens(verifier, trust);
  let watchers = 0;

  function enter(call: Call, context: HandlerContext): Role {
    const role = roleOf(context.values.get(callerNames));
    if (role === undefined || !mayCall(role, call)) throw deny(role, call);
    return role;
  }

  function deny(role: Role | undefined, call: string): ConnectError {
    tally.denied += 1;
    log.warn("denied", { role: role ?? "nobody", call });
    return toConnectError(authProblem("CAT-AUTH-010", call), Code.PermissionDenied);
  }

  function keys(): authV1.Key[] {
    const { ring } = custody.held;
    return ring.map((key) => keyMessage(key, nextAt(key, ring, settings)));
  }

  return (router) => {
    router.service(authV1.AuthService, {
      async sign(request, context) {
        const role = enter("sign", context);
        const allow = (asked: TokenRequest): void => {
          if (!maySign(role, asked.class)) throw deny(role, `sign ${asked.class}`);
        };
        const signed = unwrap(await signToken({ ...parts, allow }, request, role));
        tally.signed += 1;
        return signed;
      },
      async verify(request, context) {
        enter("verify", context);
        return await verify(request);
      },
      getJwks(_, context) {
        enter("getJwks", context);
        return { jwksJson: jwksOf(custody.held) };
      },
      listKeys(_, context) {
        enter("listKeys", context);
        return { keys: keys() };
      },
      async rotate({ mode, reason }, context) {
        const role = enter("rotate", context);
        const word = modes[mode];
        if (word === undefined || reason.length > 256) throw new ConnectError("no such mode", Code.InvalidArgument);
        const done = await custody.rotate(word, reason);
        log.warn("rotated", { role, mode: word, reason, kid: custody.active?.kid, ...told(done) });
        unwrap(done);
        return { keys: keys() };
      },
      async revoke({ revocation }, context) {
        const role = enter("revoke", context);
        const own = { issuer: config.auth.issuer, longest: settings.grace, registry: custody.registry };
        const read = unwrap(readRevocation(revocation, own, Date.now()));
        const done = await custody.revoke(read);
        log.warn("revoked", { role, ...read, ...told(done) });
        unwrap(done);
        return { revocation: toWireRevocation(read) };
      },
      listTokens({ expired }, context) {
        enter("listTokens", context);
        const revoked = revokedAt(custody.held.revocations);
        const listed = listIssued(custody.registry, Date.now(), expired);
        return { tokens: listed.map((token) => tokenMessage(token, revoked(token))) };
      },
      async *watchTrust(_, context) {
        enter("watchTrust", context);
        if (watchers >= maxWatchers) throw new ConnectError("too many watchers", Code.ResourceExhausted);
        watchers += 1;
        try {
          while (!context.signal.aborted) {
            const beat = AbortSignal.any([context.signal, AbortSignal.timeout(heartbeatMs)]);
            // Asked for before the state is read: what changes between the two is told in the next round.
            const changed = custody.changes.next(beat);
            yield trustMessage(trust(), custody.held.version);
            await changed;
          }
        } finally {
          watchers -= 1;
        }
      },
      getStatus(_, context) {
        enter("getStatus", context);
        return statusMessage(config, { ...self(), keys: keys() }, custody, verifier, tally);
      },
    });
    healthRoutes(router, {
      isServing: (service) =>
        service === "" || service === authV1.AuthService.typeName ? custody.problems.length === 0 : undefined,
      changed: (signal) => custody.changes.next(signal),
    });
  };
}

/** What is unknown here was added to the contract later. */
const modes: Readonly<Partial<Record<number, RotateMode>>> = {
  [authV1.RotateRequest_Mode.UNSPECIFIED]: "prepare",
  [authV1.RotateRequest_Mode.PREPARE]: "prepare",
  [authV1.RotateRequest_Mode.ACTIVATE]: "activate",
  [authV1.RotateRequest_Mode.EMERGENCY]: "emergency",
};

function told(done: Result<unknown>): { readonly problems?: readonly string[] } {
  return done.ok ? {} : { problems: done.problems.map(formatProblem) };
}

function unwrap<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  const [first, ...more] = result.problems;
  if (first === undefined) throw new ConnectError("refused", Code.Internal);
  const message = [first.message, ...more.map(formatProblem)].join(" ");
  throw toConnectError({ ...first, message }, statusOf(first));
}

/** What a caller can do about it: ask otherwise, ask later, or look at the machine. */
function statusOf({ code }: Problem): Code {
  if (/^CAT-TRUST-01[01]$|^CAT-KEYS-008$|^CAT-AUTH-012$/.test(code)) return Code.ResourceExhausted;
  if (code.startsWith("CAT-TRUST-")) return Code.InvalidArgument;
  return code === "CAT-AUTH-011" ? Code.NotFound : Code.Unavailable;
}
