import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, scryptSync } from "node:crypto";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { readPrivateIfAny, writePrivate } from "./private-file.ts";
import { keyProblem } from "./problems.ts";
import type { SigningKey } from "./signing-key.ts";

/** Turns subjects into names that only the partner they are for can compare. */
export type Pseudonyms = { readonly of: (subject: string, organization: string) => string };

/**
 * HMAC-SHA-256 of the partner and the subject (both length-prefixed by JSON), 43 characters: the same for ever, and of
 * two partners nobody can tell that they speak of one subject.
 */
export function pseudonyms(secret: Buffer): Pseudonyms {
  return {
    of: (subject, organization) =>
      createHmac("sha256", secret)
        .update(JSON.stringify([organization, subject]))
        .digest("base64url"),
  };
}

/** From a key that several nodes are given: they call a subject by the same name. */
export function deriveSecret({ privateKey }: SigningKey): Buffer {
  const { d = "" } = privateKey.export({ format: "jwk" });
  return Buffer.from(hkdfSync("sha256", Buffer.from(d, "base64url"), "", "catalyst pairwise subject v1", secretBytes));
}

/** A secret that no other node has. */
export function makeSecret(): Buffer {
  return randomBytes(secretBytes);
}

const secretBytes = 32;
/** About 50 ms, once a start. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** Keeps the secret beside the keys, encrypted as they are where there is a passphrase. */
export function writeSecret(
  path: string,
  secret: Buffer,
  passphrase: string | undefined,
): Promise<Problem | undefined> {
  if (passphrase === undefined) return writePrivate(path, `plain.${secret.toString("base64url")}\n`);
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32, cost), iv);
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return writePrivate(
    path,
    `${["scrypt", ...[salt, iv, sealed].map((part) => part.toString("base64url"))].join(".")}\n`,
  );
}

/** Reads it again; undefined when there is none yet. `CAT-KEYS-003`: it is damaged; `-005`: without the passphrase. */
export async function readSecret(path: string, passphrase: string | undefined): Promise<Result<Buffer> | undefined> {
  const text = await readPrivateIfAny(path);
  if (text === undefined) return undefined;
  if (!text.ok) return text;
  const [form, ...parts] = text.value.trim().split(".");
  const [first = Buffer.alloc(0), iv, sealed] = parts.map((part) => Buffer.from(part, "base64url"));
  if (form === "plain" && first.length === secretBytes) return ok(first);
  if (form !== "scrypt" || iv?.length !== 12 || sealed?.length !== secretBytes + tagBytes) {
    return fail(keyProblem("CAT-KEYS-003", path, "It is damaged."));
  }
  if (passphrase === undefined) return fail(keyProblem("CAT-KEYS-005", path, "It is encrypted."));
  try {
    const cipher = createDecipheriv("aes-256-gcm", scryptSync(passphrase, first, 32, cost), iv, {
      authTagLength: tagBytes,
    });
    cipher.setAuthTag(sealed.subarray(secretBytes));
    return ok(Buffer.concat([cipher.update(sealed.subarray(0, secretBytes)), cipher.final()]));
  } catch {
    return fail(keyProblem("CAT-KEYS-005", path, "It is damaged, or the passphrase is wrong."));
  }
}

const tagBytes = 16;
