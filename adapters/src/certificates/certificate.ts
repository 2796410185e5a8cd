import { createPrivateKey, X509Certificate } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { certificateProblem } from "./problems.ts";

/** Paths of PEM files: the certificate, followed by those that lead to its authority, and its private key. */
export type CertificateFiles = { readonly certFile: string; readonly keyFile: string };

/** A certificate and its key, found to belong together. */
export type Certificate = {
  /** As PEM. */
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, as browsers and openssl show it. */
  readonly fingerprint: string;
  /** In milliseconds of the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
};

const maxBytes = 1024 * 1024;

/** Reads and tries both files; all that is wrong with them at once. Shows nothing of a key. */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<Result<Certificate>> {
  const [cert, key] = await Promise.all([readText(certFile, false), readText(keyFile, true)]);
  if (!cert.ok || !key.ok) {
    return fail(...[cert, key].flatMap((one): readonly Problem[] => (one.ok ? [] : one.problems)));
  }
  const certificate = parsed(() => new X509Certificate(cert.value));
  const privateKey = parsed(() => createPrivateKey(key.value));
  if (certificate === undefined || privateKey === undefined) {
    return fail(
      ...(certificate === undefined
        ? [certificateProblem("CAT-CERTIFICATES-012", certFile, "It holds no certificate")]
        : []),
      ...(privateKey === undefined
        ? [certificateProblem("CAT-CERTIFICATES-012", keyFile, "It holds no usable private key")]
        : []),
    );
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    return fail(
      certificateProblem("CAT-CERTIFICATES-013", keyFile, `It is not the key of the certificate in ${certFile}`),
    );
  }
  const context = parsed(() => createSecureContext({ cert: cert.value, key: key.value }));
  if (context === undefined) {
    return fail(
      certificateProblem("CAT-CERTIFICATES-012", certFile, "The certificate, or one after it, cannot be used"),
    );
  }
  return ok({
    cert: cert.value,
    key: key.value,
    fingerprint: certificate.fingerprint256,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
  });
}

/** What is wrong with the time of a certificate at this moment: clients refuse it, though it can be served. */
export function outOfDate({ notBefore, notAfter }: Certificate, certFile: string, now: number): Problem | undefined {
  if (now >= notBefore && now <= notAfter) return undefined;
  const [word, time] = now < notBefore ? ["is not valid before", notBefore] : ["has expired at", notAfter];
  return certificateProblem("CAT-CERTIFICATES-014", certFile, `It ${word} ${new Date(time).toISOString()}`);
}

/** One handle for the check and the content, so that nobody can change the file in between. */
async function readText(file: string, isPrivate: boolean): Promise<Result<string>> {
  const refuse = (what: string): Result<never> => fail(certificateProblem("CAT-CERTIFICATES-010", file, what));
  try {
    // A pipe in the place of a file would keep us waiting.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (!stat.isFile()) return refuse("It is not a regular file");
    if (stat.size > maxBytes) return refuse("It is longer than 1 MiB");
    if (isPrivate && isOpen(stat)) return fail(certificateProblem("CAT-CERTIFICATES-011", file, "Others can read it"));
    return ok(await handle.readFile("utf8"));
  } catch (error) {
    return refuse(`It cannot be read (${error instanceof Error ? error.message : "unknown reason"})`);
  }
}

/** A file of root's may be read by the group: so the keeper of a machine's keys gives one to a process, Kubernetes too. */
function isOpen({ mode, uid }: { readonly mode: number; readonly uid: number }): boolean {
  const isRoots = uid === 0 && process.geteuid?.() !== 0;
  return (mode & (isRoots ? 0o037 : 0o077)) !== 0;
}

/** Undefined when it cannot be: OpenSSL's own words may quote the file, and one is a private key. */
function parsed<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
