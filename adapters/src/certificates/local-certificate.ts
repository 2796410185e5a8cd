import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ok, fail, type Result } from "@catalyst-node/core/model";
import { type Issued, issueAuthority, issueCertificate, localNames, type Validity } from "./issue.ts";
import { toProblem } from "./problems.ts";

/** Where a machine's own certificate lies, and the authority that made it, to be trusted by whoever connects. */
export type LocalFiles = { readonly caFile: string; readonly certFile: string; readonly keyFile: string };

const dayMs = 24 * 60 * 60 * 1000;
const authorityDays = 3650;
/** Browsers accept no longer life. */
const certificateDays = 397;
/** What has less left is made anew. */
const renewDays = 30;

/** Where they lie in a folder. */
function localFiles(folder: string): LocalFiles {
  return {
    caFile: join(folder, "ca.pem"),
    certFile: join(folder, "localhost.pem"),
    keyFile: join(folder, "localhost-key.pem"),
  };
}

/**
 * Keeps an authority and a certificate for localhost, 127.0.0.1 and ::1 in a folder (0700, files 0600): each is made
 * once, and again when it is near its end, or damaged. Who has trusted the authority needs to do so once in ten years.
 */
export async function keepLocalCertificate(folder: string, now: number): Promise<Result<LocalFiles>> {
  const files = localFiles(folder);
  const { caFile, certFile, keyFile } = files;
  const caKeyFile = join(folder, "ca-key.pem");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const kept = await readPair(caFile, caKeyFile);
    const authority = isSound(kept, now) ? kept : issueAuthority("Catalyst local authority", life(now, authorityDays));
    if (authority !== kept) await writePair(authority, caFile, caKeyFile);
    const certificate = await readPair(certFile, keyFile);
    if (!isSound(certificate, now) || !isFor(certificate, authority)) {
      await writePair(
        issueCertificate(authority, "localhost", localNames, life(now, certificateDays)),
        certFile,
        keyFile,
      );
    }
    return ok(files);
  } catch (error) {
    return fail(toProblem(error, folder));
  }
}

/** From an hour ago, for clocks that differ. */
function life(now: number, days: number): Validity {
  const notBefore = new Date(now - dayMs / 24);
  return { notBefore, notAfter: new Date(notBefore.getTime() + days * dayMs) };
}

async function readPair(certFile: string, keyFile: string): Promise<Issued | undefined> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
    return { cert, key };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isSound(pair: Issued | undefined, now: number): pair is Issued {
  if (pair === undefined) return false;
  try {
    const { validFromDate, validToDate } = new X509Certificate(pair.cert);
    const isCurrent = validFromDate.getTime() <= now && validToDate.getTime() - now > renewDays * dayMs;
    return isCurrent && new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key));
  } catch {
    return false;
  }
}

function isFor({ cert }: Issued, authority: Issued): boolean {
  const certificate = new X509Certificate(cert);
  return (
    certificate.verify(new X509Certificate(authority.cert).publicKey) &&
    certificate.checkHost("localhost") !== undefined
  );
}

/** The key first: killed in between, they do not fit, which is found when they are read. */
async function writePair({ cert, key }: Issued, certFile: string, keyFile: string): Promise<void> {
  await replace(keyFile, key);
  await replace(certFile, cert);
}

async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.new`;
  await writeFile(temporary, text, { mode: 0o600, flush: true });
  await rename(temporary, file);
}
