import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { promisify } from "node:util";
import type { VerificationKey } from "@catalyst-node/core/trust";

const verifyOnThread = promisify(verify);

/** A point on P-384 as a JWK has it. */
type Point = Pick<VerificationKey, "x" | "y">;

/** As long as their points: what a trust holds is bounded, and goes with it. Null: not on the curve. */
const known = new WeakMap<Point, KeyObject | null>();

/** A signature's bytes: r and s, 48 each (RFC 7518 3.4). */
const signatureBytes = 96;

/** Whether this is a public key that anything can be verified with: a point on the curve. */
export function isPoint(point: Point): boolean {
  return keyOf(point) !== null;
}

/**
 * Whether a signature in the form of JWS holds, on a thread of its own (about 1 ms of CPU). False for whatever is no
 * signature or no key; never rejects.
 */
export async function verifyEs384(point: Point, signed: string | Uint8Array, signature: string): Promise<boolean> {
  const key = keyOf(point);
  const bytes = Buffer.from(signature, "base64url");
  if (key === null || bytes.length !== signatureBytes) return false;
  try {
    return await verifyOnThread("sha384", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }, bytes);
  } catch {
    return false;
  }
}

function keyOf(point: Point): KeyObject | null {
  const found = known.get(point);
  if (found !== undefined) return found;
  const made = readPoint(point);
  known.set(point, made);
  return made;
}

function readPoint({ x, y }: Point): KeyObject | null {
  // 48 bytes each, in one spelling; OpenSSL would take others.
  if (![x, y].every((text) => /^[\w-]{64}$/.test(text))) return null;
  try {
    return createPublicKey({ key: { kty: "EC", crv: "P-384", x, y }, format: "jwk" });
  } catch {
    return null;
  }
}
