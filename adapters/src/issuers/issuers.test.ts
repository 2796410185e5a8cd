import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { makeIssuer } from "../../../tests/support/tokens.ts";
import { readKeys } from "./read-keys.ts";

const partner = makeIssuer({ issuer: "urn:catalyst:partner", kid: "k1" });

async function outcome(kind: "jwks" | "pem", path: string): Promise<string> {
  const read = await readKeys({ kind, path });
  return read.ok ? read.value.map(({ kid }) => kid).join() : read.problems.map(({ code }) => code).join();
}

test("a set and a PEM give the same key; the PEM's is called by its thumbprint", async () => {
  await using folder = await temporaryFolder();
  const [jwks, pem] = [join(folder.path, "jwks.json"), join(folder.path, "key.pem")];
  await writeFile(jwks, JSON.stringify({ keys: [partner.jwk] }));
  await writeFile(pem, partner.publicKey.export({ type: "spki", format: "pem" }));
  assert.equal(await outcome("jwks", jwks), "k1");
  const read = await readKeys({ kind: "pem", path: pem });
  assert.ok(read.ok);
  assert.equal(read.value[0]?.x, partner.verificationKey.x);
  assert.match(read.value[0]?.kid ?? "", /^[\w-]{43}$/);
});

test("a private key, another curve, a point beside the curve, HTML and what is no file are refused", async () => {
  await using folder = await temporaryFolder();
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { d: _d, ...jwk } = partner.privateKey.export({ format: "jwk" });
  const off = { ...partner.jwk, y: partner.jwk["x"] };
  const files = {
    private: ["pem", partner.privateKey.export({ type: "pkcs8", format: "pem" }), "CAT-ISSUERS-004"],
    both: [
      "pem",
      `${String(partner.publicKey.export({ type: "spki", format: "pem" }))}${String(partner.privateKey.export({ type: "pkcs8", format: "pem" }))}`,
      "CAT-ISSUERS-004",
    ],
    curve: ["pem", other.publicKey.export({ type: "spki", format: "pem" }), "CAT-ISSUERS-004"],
    secret: ["jwks", JSON.stringify({ keys: [{ ...jwk, kid: "k1", d: _d }] }), "CAT-ISSUERS-002"],
    off: ["jwks", JSON.stringify({ keys: [off] }), "CAT-ISSUERS-003"],
    html: ["jwks", "<html></html>", "CAT-ISSUERS-002"],
    large: ["jwks", " ".repeat(1_000_000), "CAT-ISSUERS-002"],
  } as const;
  for (const [name, [kind, text, code]] of Object.entries(files)) {
    await writeFile(join(folder.path, name), text);
    assert.equal(await outcome(kind, join(folder.path, name)), code, name);
  }
  await mkdir(join(folder.path, "folder"));
  assert.equal(await outcome("jwks", join(folder.path, "folder")), "CAT-ISSUERS-001");
  assert.equal(await outcome("jwks", join(folder.path, "missing")), "CAT-ISSUERS-001");
});
