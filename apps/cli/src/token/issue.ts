import { durationFromMs } from "@catalyst-node/adapters/rpc";
import type { AdminClient } from "../node-client.ts";
import { isoTime } from "../times.ts";

/** What is free in a service token. */
export type ServiceTokenWish = {
  readonly subject: string;
  readonly audience?: string;
  readonly scope?: readonly string[];
  readonly clientId?: string;
  readonly name?: string;
  readonly purpose?: string;
};

export type IssuedServiceToken = {
  readonly token: string;
  readonly jti: string;
  readonly kid: string;
  readonly expiresAt: string;
};

/** Has a node sign a service token, for itself unless an audience is named. `ttl` in ms; the node's default is 15 min. */
export async function issueServiceToken(
  client: AdminClient,
  { subject, audience, scope, clientId, name, purpose }: ServiceTokenWish,
  ttl: number | undefined,
): Promise<IssuedServiceToken> {
  const { token, jti, kid, expiresAt } = await client.issueServiceToken({
    token: {
      subject,
      audience: audience ?? "",
      scope: [...(scope ?? [])],
      clientId: clientId ?? "",
      name: name ?? "",
      purpose: purpose ?? "",
    },
    ...(ttl === undefined ? {} : { lifetime: durationFromMs(ttl) }),
  });
  return { token, jti, kid, expiresAt: isoTime(expiresAt) };
}
