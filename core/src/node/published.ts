import { type Revocation } from "../trust/index.ts";
import { servedDigest } from "./desired.ts";
import type { Node } from "./state.ts";
import { desiredTrust } from "./trust-section.ts";

/** The node's published keys as a JWK set (RFC 7517) in JSON; undefined while none is known. */
export function publishedKeys({ auth }: Node): string | undefined {
  const keys = auth?.trust?.issuer.keys;
  if (keys === undefined) return undefined;
  return JSON.stringify({
    keys: keys.map(({ kid, x, y }) => ({ kty: "EC", crv: "P-384", alg: "ES384", use: "sig", kid, x, y })),
  });
}

/** The gateway serves a trust that takes this back: what it speaks of is refused from now on. */
export function hasTaken(node: Node, revocation: Revocation): boolean {
  const { link } = node.gateway;
  if (link.kind !== "connected") return false;
  const served = servedDigest(link.status, "trust");
  if (served === undefined || desiredTrust(node, served)?.digest !== served) return false;
  return node.auth?.trust?.revocations.some((known) => isSame(known, revocation)) === true;
}

function isSame(a: Revocation, b: Revocation): boolean {
  return a.issuer === b.issuer && a.revokedAt === b.revokedAt && JSON.stringify(a.what) === JSON.stringify(b.what);
}
