import { createSecureContext } from "node:tls";
import { open } from "node:fs/promises";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import { rpcProblem } from "./problems.ts";

/** Paths of PEM files: the CA that the other side's certificate must come from, our certificate and its key. */
export type TlsFiles = { readonly caFile: string; readonly certFile: string; readonly keyFile: string };

/** What both ends of a mutual TLS connection hold in memory. */
export type TlsMaterial = { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };

const maxBytes = 1024 * 1024;

/** Reads and tries the three files; all that is wrong with them at once, as `CAT-RPC-007`. */
export async function readTlsFiles({ caFile, certFile, keyFile }: TlsFiles): Promise<Result<TlsMaterial>> {
  const [ca, cert, key] = await Promise.all([readPem(caFile), readPem(certFile), readPem(keyFile, true)]);
  if (!ca.ok || !cert.ok || !key.ok) {
    return fail(...[ca, cert, key].flatMap((one): readonly Problem[] => (one.ok ? [] : one.problems)));
  }
  const material: TlsMaterial = { ca: ca.value, cert: cert.value, key: key.value };
  try {
    createSecureContext(material);
    return ok(material);
  } catch {
    // OpenSSL's own words may quote the file, and one of the three is a private key.
    return fail(rpcProblem("CAT-RPC-007", certFile, "The certificate, its key and the CA do not fit together"));
  }
}

async function readPem(file: string, isPrivate = false): Promise<Result<Buffer>> {
  const refuse = (what: string): Result<never> => fail(rpcProblem("CAT-RPC-007", file, what));
  try {
    await using handle = await open(file, "r");
    const { mode, size } = await handle.stat();
    if (isPrivate && (mode & 0o077) !== 0) return refuse("The key file can be read by others");
    return size > maxBytes ? refuse("The file is too long") : ok(await handle.readFile());
  } catch (error) {
    return refuse(`The file cannot be read (${error instanceof Error ? error.message : "unknown reason"})`);
  }
}
