import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from "node:crypto";
import { bits, identifier, integer, octets, sequence, set, tagged, text, time, yes } from "./der.ts";

/** A certificate with its key, both as PEM. */
export type Issued = { readonly cert: string; readonly key: string };

export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/** Whom a certificate is for: DNS names, and IP addresses by their bytes. */
export type Names = { readonly dns: readonly string[]; readonly addresses: readonly (readonly number[])[] };

/** This machine, to itself. */
export const localNames: Names = {
  dns: ["localhost"],
  addresses: [
    [127, 0, 0, 1],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  ],
};

/**
 * A new authority (X.509 v3, P-256). It can speak for local names alone (RFC 5280, 4.2.1.10): whoever trusts it is not at
 * the mercy of who reads its key.
 */
export function issueAuthority(name: string, validity: Validity): Issued {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return write(name, name, validity, publicKey, privateKey, privateKey, [
    extension(basicConstraints, sequence(yes, integer(Buffer.from([0]))), true),
    // keyCertSign and cRLSign.
    extension(keyUsage, bits(Buffer.from([0x06]), 1), true),
    extension(nameConstraints, sequence(tagged(0, permitted(localNames), true)), true),
    extension(subjectKey, octets(keyId(publicKey))),
  ]);
}

/** A new certificate of a server, with a new key. */
export function issueCertificate(authority: Issued, name: string, names: Names, validity: Validity): Issued {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = new X509Certificate(authority.cert);
  return write(nameOf(issuer), name, validity, publicKey, privateKey, createPrivateKey(authority.key), [
    extension(basicConstraints, sequence(), true),
    // digitalSignature.
    extension(keyUsage, bits(Buffer.from([0x80]), 7), true),
    extension(extendedKeyUsage, sequence(identifier(serverAuth))),
    extension(alternativeNames, sequence(...generalNames(names))),
    extension(subjectKey, octets(keyId(publicKey))),
    extension(authorityKey, sequence(tagged(0, keyId(issuer.publicKey)))),
  ]);
}

/** id-ce (RFC 5280), and id-kp-serverAuth. */
const basicConstraints = "551d13";
const keyUsage = "551d0f";
const extendedKeyUsage = "551d25";
const nameConstraints = "551d1e";
const alternativeNames = "551d11";
const subjectKey = "551d0e";
const authorityKey = "551d23";
const serverAuth = "2b06010505070301";
const commonName = "550403";
const ecdsaWithSha256 = "2a8648ce3d040302";

function write(
  issuer: string,
  subject: string,
  { notBefore, notAfter }: Validity,
  publicKey: KeyObject,
  privateKey: KeyObject,
  signer: KeyObject,
  extensions: readonly Buffer[],
): Issued {
  const algorithm = sequence(identifier(ecdsaWithSha256));
  const serial = randomBytes(16);
  // Positive, and no byte too long.
  serial.writeUInt8((serial.readUInt8(0) & 0x3f) | 0x40, 0);
  const body = sequence(
    tagged(0, integer(Buffer.from([2])), true),
    integer(serial),
    algorithm,
    named(issuer),
    sequence(time(notBefore), time(notAfter)),
    named(subject),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(3, sequence(...extensions), true),
  );
  const der = sequence(body, algorithm, bits(sign("sha256", body, signer)));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(identifier(id), ...(critical ? [yes] : []), octets(value));
}

function named(name: string): Buffer {
  return sequence(set(sequence(identifier(commonName), text(name))));
}

function nameOf({ subject }: X509Certificate): string {
  return subject.replace(/^CN=/, "");
}

function generalNames({ dns, addresses }: Names): readonly Buffer[] {
  return [
    ...dns.map((name) => tagged(2, Buffer.from(name))),
    ...addresses.map((bytes) => tagged(7, Buffer.from(bytes))),
  ];
}

/** Each address with the mask of one address. */
function permitted({ dns, addresses }: Names): Buffer {
  const exact = addresses.map((bytes) => [...bytes, ...bytes.map(() => 0xff)]);
  return Buffer.concat(generalNames({ dns, addresses: exact }).map((name) => sequence(name)));
}

/** As RFC 5280, 4.2.1.2 proposes: SHA-1 of the key's bits, which stand last. It names, and protects nothing. */
function keyId(publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: "spki", format: "der" });
  const point = spki.subarray(spki.length - 65);
  return createHash("sha1").update(point).digest();
}
