import { parsePeerAddress, type TlsFiles } from "@catalyst-node/adapters/rpc";
import { isPoint } from "@catalyst-node/adapters/tokens";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import {
  noTrust,
  type Revocation,
  type Trust,
  trustBounds,
  type TrustedIssuer,
  type VerificationKey,
} from "@catalyst-node/core/trust";
import { gatewayProblem } from "./problems.ts";

/** Whom the gateway answers, as it is sent. */
export type TrustTold = {
  readonly mode: "off" | "optional" | "required";
  /** Empty: the identity's. */
  readonly audience: string;
  readonly trust: Trust;
  /** Where tokens of the gateway itself are signed; undefined: nowhere. */
  readonly signing: SigningService | undefined;
  /** Services that are told who asks. */
  readonly subjects: readonly SubjectAudience[];
};

/** How the process that signs is reached. */
export type SigningService = {
  readonly address: string;
  readonly secretFile: string | undefined;
  readonly tls: TlsFiles | undefined;
};

/** A service, by its name in the supergraph, and `aud` of the tokens for it. */
export type SubjectAudience = { readonly service: string; readonly audience: string };

/** Nobody is answered. */
export const nobodyTrusted: TrustTold = {
  mode: "required",
  audience: "",
  trust: noTrust,
  signing: undefined,
  subjects: [],
};

/** Whether everybody would be refused, for want of any key. */
export function lacksKey(told: TrustTold | undefined): boolean {
  return told?.mode === "required" && told.trust.issuers.every(({ keys }) => keys.length === 0);
}

const maxSubjects = 1_000;
/** Nothing longer, and nothing that cannot stand in a header or a line of a log. */
const isName = /^[\x21-\x7e]{1,256}$/;
const isKid = /^[\x21-\x7e]{1,128}$/;

/** Reads a section; all that is wrong with it at once, but for too much of it, which is not looked at. */
export function readTrust({ mode, audience, trust, signing, subjects }: TrustTold): Result<TrustTold> {
  if (isTooMuch(trust) || subjects.length > maxSubjects) return fail(gatewayProblem("CAT-GATEWAY-072", "trust"));
  const problems = [
    ...trust.issuers.flatMap(issuerProblems),
    ...trust.revocations.flatMap(revocationProblems),
    ...(trust.ownIssuer === "" || isName.test(trust.ownIssuer)
      ? []
      : [gatewayProblem("CAT-GATEWAY-073", "trust.ownIssuer")]),
    ...(audience === "" || isName.test(audience) ? [] : [gatewayProblem("CAT-GATEWAY-076", "trust.audience")]),
    ...(signing === undefined || parsePeerAddress(signing.address).ok
      ? []
      : [gatewayProblem("CAT-GATEWAY-076", "trust.signing.address")]),
    ...subjects.flatMap(subjectProblems),
  ];
  return problems.length > 0 ? fail(...problems) : ok({ mode, audience, trust, signing, subjects });
}

function isTooMuch({ issuers, revocations }: Trust): boolean {
  const { issuers: most, keys: mostKeys, revocations: mostRevocations } = trustBounds;
  return (
    issuers.length > most || revocations.length > mostRevocations || issuers.some(({ keys }) => keys.length > mostKeys)
  );
}

function issuerProblems(
  { issuer, keys }: TrustedIssuer,
  index: number,
  all: readonly TrustedIssuer[],
): readonly Problem[] {
  const path = `trust.issuers[${index}]`;
  const isTwice = all.findIndex((other) => other.issuer === issuer) !== index;
  const named = isTwice || !isName.test(issuer) ? [gatewayProblem("CAT-GATEWAY-073", path)] : [];
  const unusable = keys.flatMap((key, at) => {
    const isOwn = keys.findIndex(({ kid }) => kid === key.kid) === at;
    return isOwn && isUsable(key) ? [] : [gatewayProblem("CAT-GATEWAY-074", `${path}.keys[${at}]`)];
  });
  return [...named, ...unusable];
}

function isUsable(key: VerificationKey): boolean {
  return isKid.test(key.kid) && !Number.isNaN(key.notAfter) && isPoint(key);
}

function revocationProblems({ issuer, what, until }: Revocation, index: number): readonly Problem[] {
  const isIssuer = issuer === "" || isName.test(issuer);
  return isIssuer && isThing(what) && !Number.isNaN(until)
    ? []
    : [gatewayProblem("CAT-GATEWAY-075", `trust.revocations[${index}]`)];
}

function isThing(what: Revocation["what"]): boolean {
  switch (what.kind) {
    case "jti":
      return isName.test(what.jti);
    case "kid":
      return isKid.test(what.kid);
    case "issuedBefore":
      return Number.isFinite(what.at);
  }
}

function subjectProblems(
  { service, audience }: SubjectAudience,
  index: number,
  all: readonly SubjectAudience[],
): readonly Problem[] {
  const isTwice = all.findIndex((other) => other.service === service) !== index;
  const isService = service !== "" && service.length <= 256;
  return isService && !isTwice && isName.test(audience)
    ? []
    : [gatewayProblem("CAT-GATEWAY-076", `trust.subjects[${index}]`)];
}
