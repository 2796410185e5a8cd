import { sign } from "node:crypto";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { keyProblem } from "./problems.ts";
import type { SigningKey } from "./signing-key.ts";

/**
 * Signs compact JWSs with ES384. A port, and asynchronous, because a signature takes about 1 ms of CPU on OpenSSL's
 * threads, and because where it is made (this process, an HSM one day) is nobody's business but the adapter's.
 */
export interface Signer {
  /** The token; `CAT-KEYS-008` when too many are under way. */
  sign(key: SigningKey, header: object, payload: object): Promise<Result<string>>;
}

/** How many may be under way: a quarter of a second's work of one core. */
const mostUnderWay = 256;

/** A signer on OpenSSL. */
export function createSigner(): Signer {
  let underWay = 0;
  return {
    async sign({ privateKey }, header, payload) {
      if (underWay >= mostUnderWay) return fail(keyProblem("CAT-KEYS-008", ""));
      underWay += 1;
      try {
        const input = `${encode(header)}.${encode(payload)}`;
        return ok(`${input}.${await es384(privateKey, input)}`);
      } finally {
        underWay -= 1;
      }
    },
  };
}

function es384(key: SigningKey["privateKey"], input: string): Promise<string> {
  return new Promise((signed, failed) => {
    // RFC 7518, 3.4: R and S side by side, not DER.
    sign("sha384", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" }, (error, signature) => {
      if (error === null) signed(signature.toString("base64url"));
      else failed(error);
    });
  });
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
