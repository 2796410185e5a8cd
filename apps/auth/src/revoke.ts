import type { trustV1 } from "@catalyst-node/adapters/rpc";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { clockSkew, type Registry, type Revocation, trustProblem } from "@catalyst-node/core/trust";

/** What the contract allows a text of a revocation to be. */
const isName = (text: string): boolean => /^[\x21-\x7e]{1,256}$/.test(text);

/** Whose tokens it is about. `longest`: what a token of this node may live, in ms. */
export type OwnTokens = { readonly issuer: string; readonly longest: number; readonly registry: Registry };

/** What is to be taken back, as it is kept: with the time until which it can matter. `CAT-TRUST-012`. */
export function readRevocation(wire: trustV1.Revocation | undefined, own: OwnTokens, now: number): Result<Revocation> {
  const read = wire && revocationOf(wire, own, now);
  return read === undefined ? fail(trustProblem("CAT-TRUST-012", "revocation")) : ok(read);
}

function revocationOf(wire: trustV1.Revocation, own: OwnTokens, now: number): Revocation | undefined {
  const what = readWhat(wire.what, now);
  const isTold = (wire.issuer === "" || isName(wire.issuer)) && /^\P{Cc}{0,256}$/u.test(wire.reason);
  if (what === undefined || !isTold) return undefined;
  const isOwn = wire.issuer === "" || wire.issuer === own.issuer;
  const told = { what, revokedAt: now, reason: wire.reason };
  // How long another issuer's tokens live only whoever asks can know.
  if (!isOwn) return { ...told, issuer: wire.issuer, until: wire.until && msOf(wire.until) };
  const issued = what.kind === "jti" ? own.registry.find(({ jti }) => jti === what.jti) : undefined;
  const until = issued === undefined ? now + own.longest : (issued.expiresAt + clockSkew) * 1000;
  return { ...told, issuer: "", until };
}

function readWhat(what: trustV1.Revocation["what"], now: number): Revocation["what"] | undefined {
  switch (what.case) {
    case "jti":
      return isName(what.value) ? { kind: "jti", jti: what.value } : undefined;
    case "kid":
      return isName(what.value) ? { kind: "kid", kid: what.value } : undefined;
    case "issuedBefore": {
      const at = msOf(what.value);
      // Ahead of now it would also take back what is yet to be signed.
      return at > 0 && at <= now + clockSkew * 1000 ? { kind: "issuedBefore", at } : undefined;
    }
    case undefined:
      return undefined;
  }
}

function msOf({ seconds, nanos }: { readonly seconds: bigint; readonly nanos: number }): number {
  return Number(seconds) * 1000 + Math.ceil(nanos / 1_000_000);
}
