import {
  type adminV1,
  authV1,
  type Client,
  Code,
  ConnectError,
  create,
  type ServiceImpl,
  toConnectError,
  toProblem,
} from "@catalyst-node/adapters/rpc";
import { nodeId } from "@catalyst-node/core/model";
import { hasTaken, nodeProblem } from "@catalyst-node/core/node";
import { decodeRevocation } from "./auth-decode.ts";
import type { AuthLink } from "./auth-link.ts";
import type { Mailbox } from "./mailbox.ts";
import { known } from "./orchestrator-service.ts";

/** What auth may take for one call, in milliseconds; it signs in 1 ms and writes to its disk before it answers. */
const callMs = 5_000;
/** As the contract says: how long a revocation waits for the gateway's word. */
const effectiveMs = 1_000;

type Admin = ServiceImpl<typeof adminV1.AdminService>;
type Calls = Omit<Admin, "refreshServices">;

/** The calls of AdminService that are auth's: handed on, with its codes. */
export function identityCalls(mailbox: Mailbox, link: AuthLink | undefined): Calls {
  async function ask<Answer>(
    signal: AbortSignal,
    call: (auth: Client<typeof authV1.AuthService>, options: { timeoutMs: number; signal: AbortSignal }) => Answer,
  ): Promise<Awaited<Answer>> {
    if (link === undefined) throw new ConnectError("the node has no auth sidecar (auth.mode)", Code.FailedPrecondition);
    try {
      return await call(link.client, { timeoutMs: callMs, signal });
    } catch (error) {
      throw told(error);
    }
  }

  return {
    async issueServiceToken({ token, lifetime }, { signal }) {
      // Without an audience it is for this node.
      const value = create(authV1.ServiceTokenSchema, token);
      value.audience ||= nodeId(known(mailbox).config);
      const { $typeName: _typeName, ...signed } = await ask(signal, (auth, options) =>
        auth.sign({ token: { case: "service", value }, ...(lifetime && { lifetime }) }, options),
      );
      return signed;
    },
    async verifyToken({ token, audience, class: tokenClass }, { signal }) {
      const { $typeName: _typeName, ...verified } = await ask(signal, (auth, options) =>
        auth.verify({ token, audience, class: tokenClass }, options),
      );
      return verified;
    },
    async listTokens({ expired }, { signal }) {
      const { tokens } = await ask(signal, (auth, options) => auth.listTokens({ expired }, options));
      return { tokens };
    },
    async revoke({ revocation }, { signal }) {
      const answer = await ask(signal, (auth, options) => auth.revoke({ ...(revocation && { revocation }) }, options));
      if (answer.revocation === undefined) throw new ConnectError("auth told no revocation", Code.Internal);
      const kept = decodeRevocation(answer.revocation);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(effectiveMs)]);
      while (!limit.aborted && !hasTaken(known(mailbox), kept)) await mailbox.changes.next(limit);
      return { revocation: answer.revocation, effective: hasTaken(known(mailbox), kept) };
    },
    async listKeys(_, { signal }) {
      const { keys } = await ask(signal, (auth, options) => auth.listKeys({}, options));
      return { keys };
    },
    async rotateKeys({ mode, reason }, { signal }) {
      const { keys } = await ask(signal, (auth, options) => auth.rotate({ mode, reason }, options));
      return { keys };
    },
  };
}

/** Its code and its problem stay. What only says that nobody answers is UNAVAILABLE, however the transport names it. */
function told(error: unknown): ConnectError {
  const { code, cause } = ConnectError.from(error);
  const away = code === Code.Unknown || code === Code.Aborted || code === Code.Internal || code === Code.Unavailable;
  if (away && cause !== undefined) return toConnectError(nodeProblem("CAT-NODE-014", "auth"), Code.Unavailable);
  return toConnectError(toProblem(error, "auth"), code);
}
