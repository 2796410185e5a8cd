import { sign } from "node:crypto";
import { segment } from "../tokens.ts";
import { signedBy } from "./algorithms.ts";
import { type BadTokens, type Issuers, refusedFor, replaceSegment } from "./bad-token.ts";

/** The order of P-384. */
const order = BigInt(
  "0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
);

/** A signature is 96 bytes, and they are the right ones. */
export function badSignatures({ own }: Issuers): BadTokens {
  const token = own.serviceToken();
  const other = own.serviceToken();
  const bytes = Buffer.from(token.split(".")[2] ?? "", "base64url");
  const [r, s] = [bytes.subarray(0, 48), bytes.subarray(48)];
  const withBytes = (changed: Uint8Array): string => replaceSegment(token, 2, segment(changed));
  const pair = (one: Uint8Array, two: Uint8Array): string => withBytes(Buffer.concat([one, two]));
  const der = signedBy(own, {}, (text) => sign("sha384", Buffer.from(text), own.privateKey));
  const zero = Buffer.alloc(48);
  return {
    good: { "as it was signed": token, "its valid twin, r and n - s": pair(r, number(order - toNumber(s))) },
    bad: [
      ...refusedFor("malformed", {
        "in the form of DER": der,
        "in the form of DER, cut to 96 bytes less one": withBytes(
          Buffer.from(der.split(".")[2] ?? "", "base64url").subarray(0, 95),
        ),
        "none at all": replaceSegment(token, 2, ""),
        "one byte short": withBytes(bytes.subarray(0, 95)),
        "one byte long": withBytes(Buffer.concat([bytes, Buffer.from([0])])),
        twice: withBytes(Buffer.concat([bytes, bytes])),
        "64 bytes": withBytes(bytes.subarray(0, 64)),
        "132 bytes, as ES512 has": withBytes(Buffer.concat([bytes, Buffer.alloc(36)])),
      }),
      ...refusedFor("signature", {
        "all zero": pair(zero, zero),
        "r is zero": pair(zero, s),
        "s is zero": pair(r, zero),
        "r and s are one": pair(number(1n), number(1n)),
        "r and s are the order": pair(number(order), number(order)),
        "r is the order, s is one": pair(number(order), number(1n)),
        "all ones": withBytes(Buffer.alloc(96, 0xff)),
        "r and s exchanged": pair(s, r),
        "the first bit is another": withBytes(flipped(bytes, 0)),
        "the last bit is another": withBytes(flipped(bytes, 95)),
        "of another token": replaceSegment(token, 2, other.split(".")[2] ?? ""),
        "of other claims": replaceSegment(token, 1, segment({ ...own.serviceClaims(), sub: "admin" })),
      }),
    ],
  };
}

/** With one bit of a byte changed. */
function flipped(bytes: Uint8Array, place: number): Uint8Array {
  return Uint8Array.from(bytes, (byte, index) => (index === place ? byte ^ 1 : byte));
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function number(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(96, "0"), "hex");
}
