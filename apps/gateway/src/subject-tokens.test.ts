import assert from "node:assert/strict";
import { test } from "node:test";
import type { Claims } from "@catalyst-node/core/trust";
import { SubjectTokens } from "./subject-tokens.ts";

const lifeMs = 60_000;

function who(subject: string, scope: readonly string[] = []): Claims {
  const times = { issuedAt: 0, expiresAt: 1, notBefore: undefined };
  const rest = { clientId: undefined, actor: undefined, hop: 0, ...times };
  return {
    issuer: "urn:catalyst:acme",
    subject,
    audience: "acme/west",
    class: "service",
    jti: "1",
    kid: "k",
    scope,
    ...rest,
  };
}

/** Signs at once, unless it is down. */
function opened() {
  const clock = { now: 0 };
  const signer = { signed: 0, isDown: false };
  const tokens = new SubjectTokens(() => clock.now);
  tokens.setSigner({
    sign: async ({ subject, audience }) => {
      if (signer.isDown) return undefined;
      signer.signed += 1;
      return { token: `${subject} ${audience} ${signer.signed}`, kid: "k", expiresAt: clock.now + lifeMs };
    },
  });
  tokens.setSubjects(subjects, new Set(["k"]));
  return { clock, signer, tokens };
}
const subjects = [
  { service: "books", audience: "acme/west/books" },
  { service: "stars", audience: "acme/west/stars" },
];

test("one signature serves who asks the same service by the same scope, and nobody else", async () => {
  const { signer, tokens } = opened();
  const all = await Promise.all([1, 2, 3].map(async () => tokens.get("books", who("ann"))));
  assert.deepEqual(new Set(all), new Set(["ann acme/west/books 1"]));
  assert.equal(tokens.get("books", who("ann")), "ann acme/west/books 1", "at once");
  const others = [
    await tokens.get("books", who("bob")),
    await tokens.get("stars", who("ann")),
    await tokens.get("books", who("ann", ["read"])),
    await tokens.get("books", { ...who("ann"), issuer: "urn:catalyst:partner" }),
  ];
  assert.equal(new Set([...others, all[0]]).size, 5);
  assert.equal(signer.signed, 5);
});

test("a token is replaced after 80 % of its life, beside the requests; while that fails it serves to its end", async () => {
  const { clock, signer, tokens } = opened();
  const first = await tokens.get("books", who("ann"));
  clock.now = 0.79 * lifeMs;
  assert.equal(tokens.get("books", who("ann")), first);
  assert.equal(signer.signed, 1);
  signer.isDown = true;
  for (clock.now = 0.8 * lifeMs; clock.now < lifeMs; clock.now += 1_000)
    assert.equal(tokens.get("books", who("ann")), first);
  assert.equal(await tokens.get("books", who("ann")), undefined);
  signer.isDown = false;
  const second = await tokens.get("books", who("ann"));
  assert.notEqual(second, first);
  clock.now += 0.9 * lifeMs;
  assert.equal(tokens.get("books", who("ann")), second);
  await new Promise(setImmediate);
  assert.equal(signer.signed, 3);
  assert.equal(tokens.get("books", who("ann")), "ann acme/west/books 3");
});

test("what a key signed that is believed no more is forgotten, and so are those that were asked for the longest ago", async () => {
  const { signer, tokens } = opened();
  await tokens.get("books", who("ann"));
  tokens.setSubjects(subjects, new Set(["another"]));
  await tokens.get("books", who("ann"));
  assert.equal(signer.signed, 2);
  for (let subject = 0; subject < 10_000; subject += 1) await tokens.get("books", who(`${subject}`));
  assert.equal(signer.signed, 10_002);
  await tokens.get("books", who("9999"));
  assert.equal(signer.signed, 10_002);
  await tokens.get("books", who("ann"));
  assert.equal(signer.signed, 10_003);
});

test("no more than 256 signatures are waited for at once, and without a signer there are none", async () => {
  const { tokens } = opened();
  const never = new Promise<undefined>(() => undefined);
  tokens.setSigner({ sign: () => never });
  for (let subject = 0; subject < 256; subject += 1) assert.ok(tokens.get("books", who(`${subject}`)));
  assert.equal(tokens.get("books", who("more")), undefined);
  const { tokens: without } = opened();
  without.setSigner(undefined);
  assert.equal(without.get("books", who("ann")), undefined);
});
