import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";

/** A certificate with its key, both as PEM. */
export type Issued = { readonly cert: string; readonly key: string };

/** An authority of a test's own, which issues certificates (X.509 v3, P-384, ES384) for localhost. */
export type Authority = { readonly ca: string; readonly issue: (name: string, names?: Names) => Issued };

/** Further names of the subject. */
type Names = { readonly dns?: readonly string[]; readonly uri?: readonly string[] };

/** Makes a root certificate. By hand, in the few DER shapes it takes, so that tests need no openssl. */
export function createAuthority(name: string): Authority {
  const root = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const basic = extension("551d13", sequence(Buffer.from([0x01, 0x01, 0xff])), true);
  const ca = certificate({
    issuer: name,
    subject: name,
    key: root.publicKey,
    signer: root.privateKey,
    extensions: [basic],
  });
  return {
    ca,
    issue(subject, { dns: hosts = [], uri = [] } = {}) {
      const own = generateKeyPairSync("ec", { namedCurve: "P-384" });
      const all = [
        ...["localhost", ...hosts].map((host) => tlv(0x82, Buffer.from(host))),
        tlv(0x87, Buffer.from([127, 0, 0, 1])),
        ...uri.map((one) => tlv(0x86, Buffer.from(one))),
      ];
      const names = extension("551d11", sequence(...all));
      return {
        cert: certificate({ issuer: name, subject, key: own.publicKey, signer: root.privateKey, extensions: [names] }),
        key: own.privateKey.export({ type: "sec1", format: "pem" }).toString(),
      };
    },
  };
}

type Parts = {
  readonly issuer: string;
  readonly subject: string;
  readonly key: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
};

function certificate({ issuer, subject, key, signer, extensions }: Parts): string {
  const algorithm = sequence(tlv(0x06, Buffer.from("2a8648ce3d040303", "hex")));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    commonName(issuer),
    sequence(time("250101000000Z"), time("491231235959Z")),
    commonName(subject),
    key.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = createSign("sha384").update(body).sign(signer);
  const der = sequence(body, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function extension(oid: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [Buffer.from([0x01, 0x01, 0xff])] : [];
  return sequence(tlv(0x06, Buffer.from(oid, "hex")), ...flag, tlv(0x04, value));
}

function commonName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(tlv(0x06, Buffer.from("550403", "hex")), tlv(0x0c, Buffer.from(name)))));
}

function time(text: string): Buffer {
  return tlv(0x17, Buffer.from(text));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), value]);
}
