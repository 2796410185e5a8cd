import { randomUUID } from "node:crypto";
import type { Pseudonyms, Signer } from "@catalyst-node/adapters/keys";
import type { Logger } from "@catalyst-node/adapters/log";
import { authV1, create, timestampFromMs } from "@catalyst-node/adapters/rpc";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { claimsFor, issuedBefore, type TokenRequest, trustProblem, type Unsigned } from "@catalyst-node/core/trust";
import type { Custody } from "./custody.ts";
import type { AuthOptions } from "./options.ts";
import { authProblem } from "./problems.ts";
import type { Role } from "./roles.ts";
import { readSign } from "./wire.ts";

export type SignParts = {
  readonly config: AuthOptions["config"];
  readonly custody: Custody;
  readonly pseudonyms: Pseudonyms;
  readonly signer: Signer;
  readonly log: Logger;
  /** Whether a role may have a class signed; a refusal is counted and told by whoever answers. */
  readonly allow: (request: TokenRequest) => void;
};

/** Signs one token. A service token is noted down before it is given out; of every token a line is written for the audit. */
export async function signToken(
  { config, custody, pseudonyms, signer, log, allow }: SignParts,
  request: authV1.SignRequest,
  role: Role,
): Promise<Result<authV1.SignResponse>> {
  const asked = readSign(request, pseudonyms.of);
  if (asked === undefined) return fail(trustProblem("CAT-TRUST-007", "token"));
  allow(asked);
  const key = await custody.signingKey();
  if (key === undefined) return fail(authProblem("CAT-AUTH-014"));
  const unsigned = claimsFor(asked, {
    issuer: config.auth.issuer,
    organization: config.organization,
    node: config.node,
    kid: key.kid,
    jti: randomUUID(),
    now: Date.now() / 1000,
    notBefore: issuedBefore(custody.held.revocations) / 1000,
    lifetime: lifetimeOf(request),
    maxServiceLifetime: config.auth.maxTokenLifetime / 1000,
  });
  if (!unsigned.ok) return unsigned;
  const { header, payload } = unsigned.value;
  const token = await signer.sign(key, header, payload);
  if (!token.ok) return token;
  const noted = await noteDown(custody, asked, unsigned.value);
  if (!noted.ok) return noted;
  const { sub: subject, aud: audience, jti, exp } = payload;
  log.info("signed", { class: asked.class, role, subject, audience, jti, kid: key.kid, expiresAt: exp });
  return ok(
    create(authV1.SignResponseSchema, {
      token: token.value,
      jti,
      kid: key.kid,
      expiresAt: timestampFromMs(exp * 1000),
    }),
  );
}

/** In seconds; what is no whole number of them is refused as it stands. */
function lifetimeOf({ lifetime }: authV1.SignRequest): number | undefined {
  return lifetime && Number(lifetime.seconds) + lifetime.nanos / 1e9;
}

async function noteDown(custody: Custody, asked: TokenRequest, { header, payload }: Unsigned): Promise<Result<void>> {
  if (asked.class !== "service") return ok(undefined);
  const { subject, audience, scope, name, purpose } = asked;
  const { jti, iat: issuedAt, exp: expiresAt } = payload;
  const clientId = asked.clientId || subject;
  const { kid } = header;
  return await custody.register({ jti, kid, subject, clientId, audience, scope, name, purpose, issuedAt, expiresAt });
}
