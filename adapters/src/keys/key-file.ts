import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { readPrivate, writePrivate } from "./private-file.ts";
import { keyProblem } from "./problems.ts";
import { asSigningKey, parsePrivateKey, type SigningKey } from "./signing-key.ts";

/** Reads a private key (PKCS#8 or SEC 1 as PEM, JWK), encrypted or not. Whatever hinders it is told without a byte of it. */
export async function readKeyFile(path: string, passphrase: string | undefined): Promise<Result<SigningKey>> {
  const text = await readPrivate(path);
  if (!text.ok) return text;
  const isEncrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text.value);
  if (isEncrypted && passphrase === undefined) {
    return fail(keyProblem("CAT-KEYS-005", path, "It is encrypted, and there is no passphrase."));
  }
  try {
    const key = asSigningKey(parsePrivateKey(text.value, isEncrypted ? passphrase : undefined));
    if (typeof key !== "string") return ok(key);
    const code = key === "curve" ? "CAT-KEYS-004" : "CAT-KEYS-003";
    return fail(keyProblem(code, path, key === "curve" ? undefined : "Its public half is another key's."));
  } catch {
    // OpenSSL's own words may quote the file.
    if (isEncrypted) return fail(keyProblem("CAT-KEYS-005", path, "It is damaged, or the passphrase is wrong."));
    return fail(keyProblem("CAT-KEYS-003", path));
  }
}

/** Keeps a private key as PKCS#8, encrypted where there is a passphrase. Never over another file. */
export function writeKeyFile(
  path: string,
  { privateKey }: SigningKey,
  passphrase: string | undefined,
): Promise<Problem | undefined> {
  const form = { type: "pkcs8", format: "pem" } as const;
  const text = privateKey.export(passphrase === undefined ? form : { ...form, cipher: "aes-256-cbc", passphrase });
  return writePrivate(path, text.toString());
}

/** Reads a passphrase: 16 to 1024 printable characters on one line, in a file of its owner alone. */
export async function readPassphrase(path: string): Promise<Result<string>> {
  const text = await readPrivate(path);
  if (!text.ok) return text;
  const passphrase = text.value.replace(/\r?\n$/, "");
  return /^\P{Cc}{16,1024}$/u.test(passphrase) ? ok(passphrase) : fail(keyProblem("CAT-KEYS-006", path));
}
