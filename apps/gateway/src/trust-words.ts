import { gatewayV1, timestampDate, trustV1 } from "@catalyst-node/adapters/rpc";
import type { Revocation, TokenClass, TrustedIssuer } from "@catalyst-node/core/trust";
import type { SigningService, TrustTold } from "./read-trust.ts";

/** The contract's section in our own words; nothing of it is judged here. */
export function trustTold(section: gatewayV1.TrustSection): TrustTold & { readonly digest: string } {
  const { digest, audience, ownIssuer, issuers, revocations, signing, subjects } = section;
  return {
    digest,
    mode: modes[section.mode] ?? "required",
    audience,
    trust: { ownIssuer, issuers: issuers.map(issuerTold), revocations: revocations.map(revocationTold) },
    signing: signing && signingTold(signing),
    subjects: subjects.map(({ service, audience: of }) => ({ service, audience: of })),
  };
}

const modes: Readonly<Partial<Record<gatewayV1.TrustSection_Mode, TrustTold["mode"]>>> = {
  [gatewayV1.TrustSection_Mode.OFF]: "off",
  [gatewayV1.TrustSection_Mode.OPTIONAL]: "optional",
};

const classes: Readonly<Partial<Record<trustV1.TokenClass, TokenClass>>> = {
  [trustV1.TokenClass.SERVICE]: "service",
  [trustV1.TokenClass.INTERNAL]: "internal",
  [trustV1.TokenClass.PEER]: "peer",
  [trustV1.TokenClass.SESSION]: "session",
  [trustV1.TokenClass.SUBJECT]: "subject",
};

function issuerTold({ issuer, keys }: trustV1.TrustedIssuer): TrustedIssuer {
  return {
    issuer,
    // A class that is not known yet allows nothing here.
    keys: keys.map(({ kid, x, y, classes: may, notAfter }) => ({
      kid,
      x,
      y,
      classes: may.flatMap((one) => classes[one] ?? []),
      notAfter: timeOf(notAfter),
    })),
  };
}

function revocationTold({ issuer, what, revokedAt, until, reason }: trustV1.Revocation): Revocation {
  const times = { revokedAt: timeOf(revokedAt) ?? 0, until: timeOf(until) };
  return { issuer, what: thingTold(what), ...times, reason };
}

function thingTold(what: trustV1.Revocation["what"]): Revocation["what"] {
  switch (what.case) {
    case "kid":
      return { kind: "kid", kid: what.value };
    case "issuedBefore":
      return { kind: "issuedBefore", at: timestampDate(what.value).getTime() };
    case "jti":
    case undefined:
      return { kind: "jti", jti: what.value ?? "" };
  }
}

function signingTold(told: gatewayV1.SigningService): SigningService {
  const { address, secretFile, tlsCaFile: caFile, tlsCertFile: certFile, tlsKeyFile: keyFile } = told;
  const hasTls = caFile !== "" || certFile !== "" || keyFile !== "";
  return {
    address,
    secretFile: secretFile === "" ? undefined : secretFile,
    tls: hasTls ? { caFile, certFile, keyFile } : undefined,
  };
}

function timeOf(time: Parameters<typeof timestampDate>[0] | undefined): number | undefined {
  return time && timestampDate(time).getTime();
}
