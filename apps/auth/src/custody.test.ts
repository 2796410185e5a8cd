import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createSigner } from "@catalyst-node/adapters/keys";
import { createTokenVerifier, isRefused } from "@catalyst-node/adapters/tokens";
import { type Result } from "@catalyst-node/core/model";
import { claimsFor, indexTrust, type IssuedToken, type Revocation } from "@catalyst-node/core/trust";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import type { Custody } from "./custody.ts";
import { trustOf } from "./held.ts";
import { openCustody } from "./open-custody.ts";
import { custodyConfig } from "./testing/configuration.ts";

const minute = 60_000;
const issuer = "urn:catalyst:acme";

/** What time it is, until a test says otherwise. */
class Clock {
  now = 1_800_000_000_000;
  readonly read = (): number => this.now;
}

async function opened(stateDir: string, clock: Clock, auth: Parameters<typeof custodyConfig>[1] = {}) {
  return must(await openCustody(custodyConfig(stateDir, auth), clock.read));
}

function must<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.problems));
}

const states = ({ held }: Custody): string => held.ring.map(({ state }) => state).join(", ");
const activeKid = ({ active }: Custody): string => active?.kid ?? assert.fail("no key signs");

/** A service token of the key that signs now, for an hour. */
async function sign({ active }: Custody, { now }: Clock): Promise<string> {
  assert.ok(active !== undefined);
  const { header, payload } = must(
    claimsFor(
      { class: "service", subject: "reports", clientId: "", audience: "acme/west", scope: [], name: "", purpose: "" },
      {
        issuer,
        organization: "acme",
        node: "west",
        kid: active.kid,
        jti: randomUUID(),
        now: now / 1000,
        notBefore: 0,
        lifetime: 3_600,
        maxServiceLifetime: 3_600,
      },
    ),
  );
  return must(await createSigner().sign(active, header, payload));
}

/** "good", or why it is not. */
async function judge(token: string, { held }: Custody, clock: Clock): Promise<string> {
  const verifier = createTokenVerifier({ now: clock.read });
  const expected = { audience: "acme/west", classes: ["service"] } as const;
  const verdict = await verifier.verify(token, indexTrust(trustOf(held, issuer)), expected);
  return isRefused(verdict) ? verdict.reason : "good";
}

const revocation = (what: Revocation["what"], clock: Clock): Revocation => ({
  issuer: "",
  what,
  revokedAt: clock.now,
  until: clock.now + 70 * minute,
  reason: "",
});

const issued = (jti: string): IssuedToken => ({
  jti,
  kid: "k",
  subject: "reports",
  clientId: "reports",
  audience: "acme/west",
  scope: [],
  name: "",
  purpose: "",
  issuedAt: 1_800_000_000,
  expiresAt: 1_800_003_600,
});

test("keys rotate on schedule, and a retired key's token is refused after its grace, also after a restart", async () => {
  await using folder = await temporaryFolder();
  const clock = new Clock();
  let late = "";
  {
    await using first = await opened(folder.path, clock);
    const { custody } = first;
    const early = await sign(custody, clock);
    const kid = activeKid(custody);
    clock.now += 480 * 60 * minute - 25 * minute;
    await custody.tick();
    assert.equal(states(custody), "active, prepared");
    assert.equal(activeKid(custody), kid);
    assert.equal(await judge(early, custody, clock), "expired");
    clock.now += 25 * minute - 1_000;
    late = await sign(custody, clock);
    clock.now += 1_000;
    await custody.tick();
    assert.equal(states(custody), "retiring, active");
    assert.notEqual(activeKid(custody), kid);
    clock.now += 59 * minute;
    assert.equal(await judge(late, custody, clock), "good");
    assert.deepEqual(
      await readdir(join(folder.path, "auth", "keys")),
      [`${activeKid(custody)}.pem`],
      "it can sign no more",
    );
  }
  {
    await using second = await opened(folder.path, clock);
    assert.equal(await judge(late, second.custody, clock), "good");
    clock.now += minute + 5_000;
    assert.equal(await judge(late, second.custody, clock), "retired-key", "before anybody has removed it");
    await second.custody.tick();
    assert.equal(states(second.custody), "active");
    assert.equal(await judge(late, second.custody, clock), "unknown-key");
  }
  await using third = await opened(folder.path, clock);
  assert.equal(await judge(late, third.custody, clock), "unknown-key");
});

test("what fell due while nothing ran is done at the next start", async () => {
  await using folder = await temporaryFolder();
  const clock = new Clock();
  let token = "";
  {
    await using first = await opened(folder.path, clock);
    must(await first.custody.rotate("prepare", ""));
    token = await sign(first.custody, clock);
    assert.equal(states(first.custody), "active, prepared");
  }
  clock.now += 26 * minute;
  await using second = await opened(folder.path, clock);
  assert.equal(states(second.custody), "retiring, active");
  assert.equal(await judge(token, second.custody, clock), "good");
});

test("a key that is activated signs at once; preparing twice prepares one", async () => {
  await using folder = await temporaryFolder();
  const clock = new Clock();
  await using one = await opened(folder.path, clock, { rotateEvery: 0 });
  const { custody } = one;
  const first = activeKid(custody);
  must(await custody.rotate("prepare", ""));
  must(await custody.rotate("prepare", ""));
  assert.equal(states(custody), "active, prepared");
  must(await custody.rotate("activate", ""));
  assert.equal(states(custody), "retiring, active");
  must(await custody.rotate("activate", ""));
  assert.equal(states(custody), "retiring, retiring, active");
  assert.notEqual(activeKid(custody), first);
  for (let number = custody.held.ring.length; number < 32; number++) must(await custody.rotate("activate", ""));
  const full = await custody.rotate("activate", "");
  assert.ok(!full.ok && full.problems[0]?.code === "CAT-AUTH-012");
  must(await custody.rotate("emergency", ""));
  assert.equal(states(custody), "active");
});

test("an emergency, and taking a key back, end all that the key ever signed, over restarts too", async () => {
  await using folder = await temporaryFolder();
  const clock = new Clock();
  const tokens: string[] = [];
  {
    await using first = await opened(folder.path, clock);
    const { custody } = first;
    tokens.push(await sign(custody, clock));
    must(await custody.rotate("emergency", "stolen"));
    assert.equal(states(custody), "active");
    tokens.push(await sign(custody, clock));
    must(await custody.revoke(revocation({ kind: "kid", kid: activeKid(custody) }, clock)));
    assert.equal(states(custody), "active", "another one signs at once");
    for (const token of tokens) assert.equal(await judge(token, custody, clock), "unknown-key");
    assert.equal(await judge(await sign(custody, clock), custody, clock), "good");
    const unknown = await custody.revoke(revocation({ kind: "kid", kid: "nobody's" }, clock));
    assert.ok(!unknown.ok && unknown.problems[0]?.code === "CAT-AUTH-011");
  }
  await using second = await opened(folder.path, clock);
  for (const token of tokens) assert.equal(await judge(token, second.custody, clock), "unknown-key");
  assert.deepEqual(
    second.custody.held.revocations.map(({ reason }) => reason),
    ["stolen", ""],
  );
});

test("revocations and issued tokens stay over a restart, and the version only grows", async () => {
  await using folder = await temporaryFolder();
  const clock = new Clock();
  let version = 0;
  {
    await using first = await opened(folder.path, clock);
    must(await first.custody.register(issued("a")));
    must(await first.custody.revoke(revocation({ kind: "jti", jti: "a" }, clock)));
    ({ version } = first.custody.held);
  }
  // A clock that was set back must not make verifiers take the newer for the older.
  clock.now -= minute;
  await using second = await opened(folder.path, clock);
  assert.deepEqual(
    second.custody.registry.map(({ jti }) => jti),
    ["a"],
  );
  assert.equal(second.custody.held.revocations.length, 1);
  must(await second.custody.revoke(revocation({ kind: "jti", jti: "b" }, clock)));
  assert.ok(second.custody.held.version > version);
  clock.now += 72 * minute;
  await second.custody.tick();
  assert.equal(second.custody.held.revocations.length, 0, "nothing is left that they could speak of");
});

test("what was acknowledged is on the disk, however many changes waited for the write before", async () => {
  await using folder = await temporaryFolder();
  const clock = new Clock();
  await using auth = await opened(folder.path, clock);
  const onDisk = (): string => readFileSync(join(folder.path, "auth", "trust.json"), "utf8");
  await Promise.all(
    ["jti-1", "jti-2", "jti-3", "jti-4"].map(async (jti) => {
      must(await auth.custody.revoke(revocation({ kind: "jti", jti }, clock)));
      assert.ok(onDisk().includes(jti), `${jti} was acknowledged and is not on the disk`);
    }),
  );
  const rotating = [auth.custody.revoke(revocation({ kind: "jti", jti: "jti-5" }, clock))];
  rotating.push(auth.custody.rotate("emergency", "lost"));
  const key = await auth.custody.signingKey();
  assert.ok(key !== undefined && onDisk().includes(key.kid), "a key signs before it is on the disk");
  for (const done of await Promise.all(rotating)) must(done);
});

test("a private half that is gone, or is another key's, is told; no other key's tokens end by it", async () => {
  await using folder = await temporaryFolder();
  const clock = new Clock();
  const keys = join(folder.path, "auth", "keys");
  let token = "";
  {
    await using first = await opened(folder.path, clock);
    token = await sign(first.custody, clock);
  }
  const [name = ""] = await readdir(keys);
  await rename(join(keys, name), join(folder.path, "away"));
  {
    await using second = await opened(folder.path, clock);
    assert.deepEqual(
      second.told.map(({ code }) => code),
      ["CAT-AUTH-002"],
    );
    assert.equal(states(second.custody), "retiring, active");
    assert.equal(await judge(token, second.custody, clock), "good");
  }
  const [next = ""] = await readdir(keys);
  await rename(join(folder.path, "away"), join(keys, next));
  const third = await openCustody(custodyConfig(folder.path), clock.read);
  assert.ok(!third.ok && third.problems[0]?.code === "CAT-AUTH-003");
});

test("with the disk unwritable no service token is given out, what is taken back is so at once, and all is kept later", async () => {
  await using folder = await temporaryFolder();
  const clock = new Clock();
  await using one = await opened(folder.path, clock);
  const { custody } = one;
  const token = await sign(custody, clock);
  const kid = activeKid(custody);
  // The folder is away and a file lies in its place: even root cannot write there.
  await rename(join(folder.path, "auth"), join(folder.path, "away"));
  await writeFile(join(folder.path, "auth"), "");
  const refused = await custody.register(issued("a"));
  assert.ok(!refused.ok && refused.problems[0]?.code === "CAT-AUTH-013");
  assert.equal(custody.registry.length, 0);
  const untold = await custody.rotate("emergency", "");
  assert.ok(!untold.ok && untold.problems[0]?.code === "CAT-AUTH-001");
  assert.equal(await judge(token, custody, clock), "unknown-key", "it is in force all the same");
  const held = await custody.rotate("prepare", "");
  assert.ok(!held.ok && held.problems[0]?.code === "CAT-AUTH-013", "what can wait is not begun");
  assert.deepEqual(new Set(custody.problems.map(({ code }) => code)), new Set(["CAT-AUTH-001", "CAT-STATE-005"]));
  await rename(join(folder.path, "auth"), join(folder.path, "file"));
  await rename(join(folder.path, "away"), join(folder.path, "auth"));
  await custody.tick();
  assert.deepEqual(custody.problems, []);
  const files = await readdir(join(folder.path, "auth", "keys"));
  assert.deepEqual(files, [`${activeKid(custody)}.pem`]);
  assert.ok(!files.includes(`${kid}.pem`));
  must(await custody.register(issued("b")));
});
