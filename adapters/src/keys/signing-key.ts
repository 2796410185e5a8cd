import { createECDH, createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";

/** The public half of a key on P-384, as a JWK has it. */
export type PublicPart = {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly x: string;
  readonly y: string;
};

/** A private key on P-384 with its public half. */
export type SigningKey = PublicPart & { readonly privateKey: KeyObject };

/** A new one; about 1 ms. */
export function makeSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const key = asSigningKey(privateKey);
  if (typeof key === "string") throw new Error("a key that was just made cannot be read");
  return key;
}

/** Why a key is none that can sign. */
export type KeyFault = "curve" | "damaged";

/** A key whose halves belong together, on the right curve. */
export function asSigningKey(privateKey: KeyObject): SigningKey | KeyFault {
  if (privateKey.asymmetricKeyType !== "ec" || privateKey.asymmetricKeyDetails?.namedCurve !== "secp384r1")
    return "curve";
  const { d, x, y } = privateKey.export({ format: "jwk" });
  if (d === undefined || x === undefined || y === undefined) return "damaged";
  // OpenSSL believes the public half that a file holds; with another one nobody could verify.
  const ecdh = createECDH("secp384r1");
  ecdh.setPrivateKey(d, "base64url");
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  if (!ecdh.getPublicKey().equals(point)) return "damaged";
  return { kid: thumbprint(x, y), x, y, privateKey };
}

/** RFC 7638, 3: the required members in the order of their names, without blanks. */
function thumbprint(x: string, y: string): string {
  return createHash("sha256").update(`{"crv":"P-384","kty":"EC","x":"${x}","y":"${y}"}`).digest("base64url");
}

/** Reads a JWK or PEM. */
export function parsePrivateKey(text: string, passphrase: string | undefined): KeyObject {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return createPrivateKey({ key: JSON.parse(trimmed), format: "jwk" });
  return createPrivateKey({ key: trimmed, format: "pem", ...(passphrase === undefined ? {} : { passphrase }) });
}
