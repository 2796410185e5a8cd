import { fromWireIssuer, fromWireRevocation, gatewayV1 } from "@catalyst-node/adapters/rpc";
import type { SigningService, TrustTold } from "./read-trust.ts";

/** The contract's section in our own words; nothing of it is judged here. */
export function trustTold(section: gatewayV1.TrustSection): TrustTold & { readonly digest: string } {
  const { digest, audience, ownIssuer, issuers, revocations, signing, subjects } = section;
  return {
    digest,
    mode: modes[section.mode] ?? "required",
    audience,
    trust: { ownIssuer, issuers: issuers.map(fromWireIssuer), revocations: revocations.map(fromWireRevocation) },
    signing: signing && signingTold(signing),
    subjects: subjects.map(({ service, audience: of }) => ({ service, audience: of })),
  };
}

const modes: Readonly<Partial<Record<gatewayV1.TrustSection_Mode, TrustTold["mode"]>>> = {
  [gatewayV1.TrustSection_Mode.OFF]: "off",
  [gatewayV1.TrustSection_Mode.OPTIONAL]: "optional",
};

function signingTold(told: gatewayV1.SigningService): SigningService {
  const { address, secretFile, tlsCaFile: caFile, tlsCertFile: certFile, tlsKeyFile: keyFile } = told;
  const hasTls = caFile !== "" || certFile !== "" || keyFile !== "";
  return {
    address,
    secretFile: secretFile === "" ? undefined : secretFile,
    tls: hasTls ? { caFile, certFile, keyFile } : undefined,
  };
}
