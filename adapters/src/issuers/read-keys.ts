import { createHash, createPublicKey } from "node:crypto";
import { constants, open } from "node:fs/promises";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { foreignClasses, maxJwksBytes, readJwks, type VerificationKey } from "@catalyst-node/core/trust";
import { issuersProblem } from "./problems.ts";

/** Where an issuer's keys lie: a JWK set, or one public key. */
export type KeySource = { readonly kind: "jwks" | "pem"; readonly path: string };

/** Reads them as they are now. Everything that is wrong refuses all of it. */
export async function readKeys({ kind, path }: KeySource): Promise<Result<readonly VerificationKey[]>> {
  const bytes = await readSmall(path);
  if (!bytes.ok) return bytes;
  return kind === "jwks" ? parseSet(bytes.value, path) : parsePem(bytes.value, path);
}

function parseSet(bytes: Uint8Array, path: string): Result<readonly VerificationKey[]> {
  const read = readJwks(bytes);
  if (read.kind === "refused") return fail(issuersProblem("CAT-ISSUERS-002", path, `Not used: ${read.reason}`));
  const wrong = read.keys.filter(({ x, y }) => !isOnCurve(x, y));
  const told = wrong.map(({ kid }) => issuersProblem("CAT-ISSUERS-003", path, `The key ${kid} is not on the curve`));
  return told.length > 0 ? { ok: false, problems: told } : ok(read.keys);
}

/** Only what is public by its own words: Node would make a public key of a private one, too. */
function parsePem(bytes: Uint8Array, path: string): Result<readonly VerificationKey[]> {
  const text = new TextDecoder().decode(bytes);
  const isOne = /^\s*-----BEGIN PUBLIC KEY-----[\w+/=\s]+-----END PUBLIC KEY-----\s*$/.test(text);
  const point = isOne ? pointOf(text) : undefined;
  if (point === undefined) return fail(issuersProblem("CAT-ISSUERS-004", path, "Not used"));
  const { x, y } = point;
  // RFC 7638, 3: the required members in the order of their names, without blanks.
  const kid = createHash("sha256").update(`{"crv":"P-384","kty":"EC","x":"${x}","y":"${y}"}`).digest("base64url");
  return ok([{ kid, x, y, classes: foreignClasses, notAfter: undefined }]);
}

function pointOf(pem: string): { readonly x: string; readonly y: string } | undefined {
  try {
    const { kty, crv, x, y } = createPublicKey({ key: pem, format: "pem" }).export({ format: "jwk" });
    return kty === "EC" && crv === "P-384" && x !== undefined && y !== undefined ? { x, y } : undefined;
  } catch {
    return undefined;
  }
}

function isOnCurve(x: string, y: string): boolean {
  try {
    createPublicKey({ key: { kty: "EC", crv: "P-384", x, y }, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}

/** Opened without blocking, for a pipe or a device could block or never end; one byte more than is allowed tells. */
async function readSmall(path: string): Promise<Result<Uint8Array>> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return fail(issuersProblem("CAT-ISSUERS-001", path, "Not a regular file"));
    const buffer = new Uint8Array(maxJwksBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return ok(buffer.subarray(0, length));
    }
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "no reason given";
    return fail(issuersProblem("CAT-ISSUERS-001", path, `Cannot be read (${why})`));
  }
}
