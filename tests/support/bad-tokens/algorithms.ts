import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { segment, type TestIssuer } from "../tokens.ts";
import { type BadTokens, type Issuers, refusedFor, replaceSegment } from "./bad-token.ts";

/** Whoever may choose the algorithm, or the key, has forged the token. */
export function badAlgorithms({ own }: Issuers): BadTokens {
  const claims = own.serviceClaims();
  const unsigned = (alg: string): string => replaceSegment(own.sign(claims, { alg }), 2, "");
  const spki = own.publicKey.export({ format: "pem", type: "spki" });
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey;
  return {
    good: { "ES384 with the issuer's key": own.sign(claims) },
    bad: [
      ...refusedFor("malformed", {
        "none, without a signature": unsigned("none"),
        "None, without a signature": unsigned("None"),
        "NONE, without a signature": unsigned("NONE"),
        "nOnE, without a signature": unsigned("nOnE"),
        "HS384 keyed with the public key": signedBy(own, { alg: "HS384" }, (text) => mac("sha384", spki, text)),
        "ES256 with a key on P-256": signedBy(own, { alg: "ES256" }, es256),
        "RS256 with an RSA key": signedBy(own, { alg: "RS256" }, rs256),
      }),
      ...refusedFor("algorithm", {
        "none, with a signature that would hold": own.sign(claims, { alg: "none" }),
        "nOnE, with a signature that would hold": own.sign(claims, { alg: "nOnE" }),
        "HS384, as long as ES384": signedBy(own, { alg: "HS384" }, (text) => {
          const half = mac("sha384", spki, text);
          return Buffer.concat([half, half]);
        }),
        "HS512 and padded": signedBy(own, { alg: "HS512" }, (text) =>
          Buffer.concat([mac("sha512", spki, text), Buffer.alloc(32)]),
        ),
        "ES256, with a signature that would hold": own.sign(claims, { alg: "ES256" }),
        "ES512, with a signature that would hold": own.sign(claims, { alg: "ES512" }),
        "es384 in small letters": own.sign(claims, { alg: "es384" }),
        "ES384 in a list": own.sign(claims, { alg: ["ES384"] }),
        "an empty alg": own.sign(claims, { alg: "" }),
      }),
      ...refusedFor("signature", {
        "another key under a known kid": signedBy(own, {}, (text) =>
          sign("sha384", Buffer.from(text), { key: stranger, dsaEncoding: "ieee-p1363" }),
        ),
        "SHA-256 instead of SHA-384": signedBy(own, {}, (text) =>
          sign("sha256", Buffer.from(text), { key: own.privateKey, dsaEncoding: "ieee-p1363" }),
        ),
      }),
    ],
  };
}

/** Signed in a way of one's own. */
export function signedBy(
  { kid, serviceClaims }: TestIssuer,
  header: Readonly<Record<string, unknown>>,
  signer: (text: string) => Uint8Array,
): string {
  const text = `${segment({ alg: "ES384", typ: "at+jwt", kid, ...header })}.${segment(serviceClaims())}`;
  return `${text}.${segment(signer(text))}`;
}

function mac(name: string, key: string | Buffer, text: string): Buffer {
  return createHmac(name, key).update(text).digest();
}

function es256(text: string): Buffer {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
}

function rs256(text: string): Buffer {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return sign("sha256", Buffer.from(text), privateKey);
}
