import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { type MessageInitShape, trustV1 } from "@catalyst-node/adapters/rpc";
import type { Trust, VerificationKey } from "@catalyst-node/core/trust";

/** What is written as JSON, or a text or bytes that stand as they are. A member that is undefined is left out. */
export type Part = Readonly<Record<string, unknown>> | string | Uint8Array;

type ServiceToken = {
  readonly sub?: string;
  readonly aud?: string;
  readonly scope?: string;
  readonly jti?: string;
  /** From now, in seconds; negative: it has expired. */
  readonly ttl?: number;
};

/** Who signs tokens in a test: nothing of the product's own signing is in it. */
export type TestIssuer = {
  readonly issuer: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As it stands in a JWK set. */
  readonly jwk: Readonly<Record<string, string>>;
  readonly verificationKey: VerificationKey;
  /** Compact JWS of any claims; the header is as it should be but for the overrides. */
  readonly sign: (claims: Part, header?: Part) => string;
  /** The signature of any text, in the form of JWS. */
  readonly signature: (signed: string) => string;
  /** What a service token says, to be changed before it is signed. */
  readonly serviceClaims: (of?: ServiceToken) => Readonly<Record<string, unknown>>;
  readonly serviceToken: (of?: ServiceToken) => string;
};

/** With a key of its own, for the node acme/west unless a token says otherwise. */
export function makeIssuer({ issuer = "urn:catalyst:acme", kid = `key-${randomUUID()}` } = {}): TestIssuer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const signature = (signed: string): string =>
    sign("sha384", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
  const signed = (claims: Part, header: Part = {}): string => {
    const whole = isText(header) ? header : { alg: "ES384", typ: "at+jwt", kid, ...header };
    const input = `${segment(whole)}.${segment(claims)}`;
    return `${input}.${signature(input)}`;
  };
  const serviceClaims: TestIssuer["serviceClaims"] = ({
    sub = "reports",
    aud = "acme/west",
    ttl = 300,
    ...more
  } = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: Math.min(now, now + ttl - 60), exp: now + ttl };
    return { iss: issuer, sub, client_id: sub, aud, jti: randomUUID(), ...times, ...more };
  };
  return {
    issuer,
    kid,
    privateKey,
    publicKey,
    jwk: { kty: "EC", crv: "P-384", use: "sig", alg: "ES384", kid, x, y },
    verificationKey: { kid, x, y, classes: ["service"], notAfter: undefined },
    sign: signed,
    signature,
    serviceClaims,
    serviceToken: (of) => signed(serviceClaims(of)),
  };
}

/** A trust in these, the first of which is the node's own. */
export function trustIn(...issuers: readonly TestIssuer[]): Trust {
  return {
    ownIssuer: issuers[0]?.issuer ?? "",
    issuers: issuers.map(({ issuer, verificationKey }) => ({ issuer, keys: [verificationKey] })),
    revocations: [],
  };
}

/** An issuer as Configure's section `trust` has it; its keys sign service tokens. */
export function trustedIssuer({
  issuer,
  verificationKey,
}: TestIssuer): MessageInitShape<typeof trustV1.TrustedIssuerSchema> {
  const { kid, x, y } = verificationKey;
  return { issuer, keys: [{ kid, x, y, classes: [trustV1.TokenClass.SERVICE] }] };
}

/** One segment of a token. */
export function segment(part: Part): string {
  return Buffer.from(isText(part) ? part : JSON.stringify(part)).toString("base64url");
}

function isText(part: Part): part is string | Uint8Array {
  return typeof part === "string" || part instanceof Uint8Array;
}
