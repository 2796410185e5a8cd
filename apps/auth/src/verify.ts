import { authV1, create, trustV1 } from "@catalyst-node/adapters/rpc";
import { isRefused, type TokenVerifier, verifyEs384 } from "@catalyst-node/adapters/tokens";
import { allClasses, findKey, indexTrust, type Trust, type TrustIndex } from "@catalyst-node/core/trust";
import { classOf } from "./wire.ts";

/** Verifies tokens of this node's own issuer. */
export type Verify = (request: authV1.VerifyRequest) => Promise<authV1.VerifyResponse>;

/** Refused so, a token says nothing that could be told. */
const unread: ReadonlySet<string> = new Set(["malformed", "too-long", "signature"]);

/** `trust` is asked for each time, and indexed when it is another than before. */
export function verifyTokens(verifier: TokenVerifier, trust: () => Trust): Verify {
  let indexed: { readonly of: Trust; readonly index: TrustIndex } | undefined;

  return async ({ token, audience, class: wireClass }) => {
    const of = trust();
    if (indexed?.of !== of) indexed = { of, index: indexTrust(of) };
    const { index } = indexed;
    const only = classOf(wireClass);
    // A class that we do not know is none that a token could be of.
    const classes = wireClass === trustV1.TokenClass.UNSPECIFIED ? allClasses : only === undefined ? [] : [only];
    const expected = { audience: audience === "" ? undefined : audience, classes };
    const verdict = await verifier.verify(token, index, expected);
    const refused = isRefused(verdict);
    const isProven = refused ? !unread.has(verdict.reason) && (await isSigned(token, index, of.ownIssuer)) : true;
    return create(authV1.VerifyResponseSchema, {
      valid: !refused,
      reason: refused ? verdict.reason : "",
      claimsJson: isProven ? payloadOf(token) : "",
      kid: verdict.kid ?? "",
    });
  };
}

/** Whether a token that is not taken was signed by a key that is known. */
async function isSigned(token: string, index: TrustIndex, issuer: string): Promise<boolean> {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const key = findKey(index, issuer, kidOf(header) ?? "");
  return key !== undefined && (await verifyEs384(key, `${header}.${payload}`, signature));
}

function payloadOf(token: string): string {
  const [, payload = ""] = token.split(".", 2);
  return Buffer.from(payload, "base64url").toString();
}

function kidOf(header: string): string | undefined {
  try {
    const { kid }: { readonly kid?: unknown } = JSON.parse(Buffer.from(header, "base64url").toString()) ?? {};
    return typeof kid === "string" ? kid : undefined;
  } catch {
    return undefined;
  }
}
