import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isPoint, verifyEs384 } from "./index.ts";

type Vectors = {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: string;
    }[];
  }[];
};

const file = new URL("../../../tests/vectors/wycheproof/ecdsa_secp384r1_sha384_p1363_test.json", import.meta.url);
const digest = "e27344bf6daae75fa19663620883809f91c79fc4b4420eff9eae8036b34476be";

test("all 280 vectors of Wycheproof for ECDSA on P-384 with SHA-384 come out as they state", async () => {
  const text = readFileSync(file);
  assert.equal(createHash("sha256").update(text).digest("hex"), digest);
  const { numberOfTests, testGroups } = JSON.parse(text.toString()) as Vectors;
  const counts = { valid: 0, invalid: 0 };
  for (const { publicKey, tests } of testGroups) {
    const point = pointOf(publicKey.uncompressed);
    assert.ok(isPoint(point));
    for (const { tcId, comment, msg, sig, result } of tests) {
      const signature = Buffer.from(sig, "hex").toString("base64url");
      const holds = await verifyEs384(point, Buffer.from(msg, "hex"), signature);
      assert.equal(holds ? "valid" : "invalid", result, `${tcId}: ${comment}`);
      counts[holds ? "valid" : "invalid"] += 1;
    }
  }
  assert.equal(numberOfTests, 280);
  assert.deepEqual(counts, { valid: 193, invalid: 87 });
});

test("what is no point on the curve is no key, and verifies nothing", async () => {
  const { testGroups } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
  const [group] = testGroups;
  const [vector] = group?.tests ?? [];
  assert.ok(group !== undefined && vector?.result === "valid");
  const { x, y } = pointOf(group.publicKey.uncompressed);
  const zero = "A".repeat(64);
  const bad = {
    "x of another": { x: y, y: x },
    "nothing at all": { x: "", y: "" },
    infinity: { x: zero, y: zero },
    "beyond the field": { x: "_".repeat(64), y },
    "one byte short": { x: x.slice(0, 62), y },
    "one byte long": { x: `${x}AA`, y },
    padded: { x: `${x}=`, y },
    "in the other alphabet": { x: x.replaceAll(/^./g, "+"), y },
    "on P-256": { x: x.slice(0, 43), y: y.slice(0, 43) },
  };
  const signature = Buffer.from(vector.sig, "hex").toString("base64url");
  const message = Buffer.from(vector.msg, "hex");
  assert.equal(await verifyEs384({ x, y }, message, signature), true);
  for (const [name, point] of Object.entries(bad)) {
    assert.equal(isPoint(point), false, name);
    assert.equal(await verifyEs384(point, message, signature), false, name);
  }
});

/** Of 04 and both coordinates, in hex. */
function pointOf(uncompressed: string): { readonly x: string; readonly y: string } {
  const bytes = Buffer.from(uncompressed, "hex");
  return { x: bytes.toString("base64url", 1, 49), y: bytes.toString("base64url", 49, 97) };
}
