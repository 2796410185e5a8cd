import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { deriveSecret, makeSecret, pseudonyms, readSecret, writeSecret } from "./pairwise.ts";
import { makeSigningKey } from "./signing-key.ts";

const passphrase = "correct horse battery staple";

async function temporary() {
  const folder = await mkdtemp(join(tmpdir(), "catalyst-pairwise-"));
  return { path: join(folder, "secret"), [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

test("a subject has one name for each partner, the same wherever the secret is the same", () => {
  const secret = makeSecret();
  const here = pseudonyms(secret);
  const there = pseudonyms(Buffer.from(secret));
  const name = here.of("reports", "partner");
  assert.match(name, /^[\w-]{43}$/);
  assert.equal(there.of("reports", "partner"), name);
  const others = [here.of("reports", "other"), here.of("report", "partner"), here.of("spartner", "report")];
  assert.equal(new Set([name, ...others, pseudonyms(makeSecret()).of("reports", "partner")]).size, 5);
});

test("nodes that are given the same key file derive the same secret, which tells nothing of the key", () => {
  const key = makeSigningKey();
  assert.deepEqual(deriveSecret(key), deriveSecret(key));
  assert.notDeepEqual(deriveSecret(key), deriveSecret(makeSigningKey()));
  assert.notEqual(deriveSecret(key).toString("base64url"), key.privateKey.export({ format: "jwk" }).d);
});

test("the secret is kept, encrypted where there is a passphrase, and refused when it is not what was kept", async () => {
  for (const by of [undefined, passphrase]) {
    await using file = await temporary();
    const secret = makeSecret();
    assert.equal(await readSecret(file.path, by), undefined);
    assert.equal(await writeSecret(file.path, secret, by), undefined);
    assert.deepEqual(await readSecret(file.path, by), { ok: true, value: secret });
    const text = await readFile(file.path, "utf8");
    assert.equal(text.includes(secret.toString("base64url")), by === undefined);
    await writeFile(file.path, text.slice(0, -10));
    const cut = await readSecret(file.path, by);
    assert.ok(cut?.ok === false && cut.problems[0]?.code === "CAT-KEYS-003");
    await writeFile(file.path, text);
    await chmod(file.path, 0o640);
    const open = await readSecret(file.path, by);
    assert.ok(open?.ok === false && open.problems[0]?.code === "CAT-KEYS-002");
  }
});

test("without the right passphrase the secret stays shut", async () => {
  await using file = await temporary();
  await writeSecret(file.path, makeSecret(), passphrase);
  for (const wrong of [undefined, "another one altogether"]) {
    const read = await readSecret(file.path, wrong);
    assert.ok(read?.ok === false && read.problems[0]?.code === "CAT-KEYS-005");
  }
});
