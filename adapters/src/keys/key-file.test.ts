import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Result } from "@catalyst-node/core/model";
import { readKeyFile, readPassphrase, writeKeyFile } from "./key-file.ts";
import { sweepFolder } from "./private-file.ts";
import { makeSigningKey } from "./signing-key.ts";

const passphrase = "correct horse battery staple";

async function temporary() {
  const path = await mkdtemp(join(tmpdir(), "catalyst-keys-"));
  return {
    path,
    async file(name: string, text: string, mode = 0o600): Promise<string> {
      await writeFile(join(path, name), text);
      await chmod(join(path, name), mode);
      return join(path, name);
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

function pem(curve = "P-384", type: "pkcs8" | "sec1" = "pkcs8"): string {
  return generateKeyPairSync("ec", { namedCurve: curve }).privateKey.export({ type, format: "pem" }).toString();
}

const codes = (result: Result<unknown>): readonly string[] =>
  result.ok ? [] : result.problems.map(({ code }) => code);

test("a key is written and read again, its file and folder are its owner's alone", async () => {
  await using folder = await temporary();
  const key = makeSigningKey();
  const path = join(folder.path, "keys", "one.pem");
  assert.equal(await writeKeyFile(path, key, undefined), undefined);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await stat(join(folder.path, "keys"))).mode & 0o777, 0o700);
  const read = await readKeyFile(path, undefined);
  assert.ok(read.ok);
  assert.deepEqual([read.value.kid, read.value.x, read.value.y], [key.kid, key.x, key.y]);
  assert.deepEqual(await readdir(join(folder.path, "keys")), ["one.pem"]);
});

test("no file is ever written over another", async () => {
  await using folder = await temporary();
  const path = await folder.file("one.pem", "something else");
  assert.equal((await writeKeyFile(path, makeSigningKey(), undefined))?.code, "CAT-KEYS-007");
  assert.equal(await readFile(path, "utf8"), "something else");
  assert.deepEqual(await readdir(folder.path), ["one.pem"]);
});

test("PKCS#8, SEC 1 and JWK are read", async () => {
  await using folder = await temporary();
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const forms = {
    pkcs8: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    sec1: privateKey.export({ type: "sec1", format: "pem" }).toString(),
    jwk: JSON.stringify(privateKey.export({ format: "jwk" })),
  };
  const kids = new Set<string>();
  for (const [name, text] of Object.entries(forms)) {
    const key = await readKeyFile(await folder.file(name, text), undefined);
    assert.ok(key.ok, name);
    kids.add(key.value.kid);
  }
  assert.equal(kids.size, 1);
});

test("the kid is the key's RFC 7638 thumbprint, as jose computes it", async () => {
  const { calculateJwkThumbprint } = await import("jose");
  const { kid, x, y } = makeSigningKey();
  assert.equal(kid, await calculateJwkThumbprint({ kty: "EC", crv: "P-384", x, y }));
});

test("an encrypted key needs its passphrase, and shows nothing without it", async () => {
  await using folder = await temporary();
  const key = makeSigningKey();
  const path = join(folder.path, "one.pem");
  assert.equal(await writeKeyFile(path, key, passphrase), undefined);
  assert.match(await readFile(path, "utf8"), /^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  const read = await readKeyFile(path, passphrase);
  assert.ok(read.ok && read.value.kid === key.kid);
  assert.deepEqual(codes(await readKeyFile(path, undefined)), ["CAT-KEYS-005"]);
  assert.deepEqual(codes(await readKeyFile(path, "another one altogether")), ["CAT-KEYS-005"]);
});

test("whatever cannot be used as a key is refused with its reason, and without a byte of it", async () => {
  await using folder = await temporary();
  const good = pem();
  const jwk = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ format: "jwk" });
  const other = generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey.export({ format: "jwk" });
  await symlink(await folder.file("target", good), join(folder.path, "link"));
  await mkdir(join(folder.path, "folder"));
  const { d: _, ...publicPart } = jwk;
  const refused: readonly (readonly [path: string, code: string])[] = [
    [join(folder.path, "absent"), "CAT-KEYS-001"],
    [join(folder.path, "link"), "CAT-KEYS-001"],
    [join(folder.path, "folder"), "CAT-KEYS-001"],
    [await folder.file("long", `${good}${" ".repeat(65 * 1024)}`), "CAT-KEYS-001"],
    [await folder.file("group", good, 0o640), "CAT-KEYS-002"],
    [await folder.file("others", good, 0o604), "CAT-KEYS-002"],
    [await folder.file("truncated", good.slice(0, 200)), "CAT-KEYS-003"],
    [await folder.file("empty", ""), "CAT-KEYS-003"],
    [await folder.file("json", "{"), "CAT-KEYS-003"],
    [await folder.file("null", "null"), "CAT-KEYS-003"],
    [await folder.file("public", JSON.stringify(publicPart)), "CAT-KEYS-003"],
    [await folder.file("mixed", JSON.stringify({ ...other, d: jwk.d })), "CAT-KEYS-003"],
    [await folder.file("p256", pem("P-256")), "CAT-KEYS-004"],
    [await folder.file("secp256k1", pem("secp256k1", "sec1")), "CAT-KEYS-004"],
    [
      await folder.file(
        "ed25519",
        generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      ),
      "CAT-KEYS-004",
    ],
  ];
  for (const [path, code] of refused) {
    const key = await readKeyFile(path, undefined);
    assert.deepEqual(codes(key), [code], path);
    const text = JSON.stringify(key);
    for (const line of good.split("\n").filter((part) => part !== "" && !part.startsWith("---"))) {
      assert.ok(!text.includes(line.slice(0, 16)), path);
    }
    assert.ok(!text.includes(String(jwk.d)), path);
  }
});

test("a passphrase is one line of 16 characters or more, its owner's alone", async () => {
  await using folder = await temporary();
  const read = await readPassphrase(await folder.file("good", `${passphrase}\n`));
  assert.ok(read.ok && read.value === passphrase);
  assert.deepEqual(codes(await readPassphrase(await folder.file("short", "hush\n"))), ["CAT-KEYS-006"]);
  assert.deepEqual(codes(await readPassphrase(await folder.file("lines", `${passphrase}\nand more`))), [
    "CAT-KEYS-006",
  ]);
  assert.deepEqual(codes(await readPassphrase(await folder.file("open", passphrase, 0o644))), ["CAT-KEYS-002"]);
});

test("what a killed process had begun to write is removed, and nothing else", async () => {
  await using folder = await temporary();
  await folder.file("one.pem", "");
  await folder.file("two.pem.0a1b2c3d.new", "half a key");
  assert.deepEqual(await sweepFolder(folder.path), ["one.pem"]);
  assert.deepEqual(await readdir(folder.path), ["one.pem"]);
  assert.deepEqual(await sweepFolder(join(folder.path, "absent")), []);
});
