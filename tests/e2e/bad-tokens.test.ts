import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { gatewayV1, type MessageInitShape, timestampFromMs, trustV1 } from "@catalyst-node/adapters/rpc";
import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { badTokens, replaceSegment } from "../support/bad-tokens/index.ts";
import { type BearerAnswer, sendAs, sendWith } from "../support/bearer.ts";
import { makeIssuer, segment, type TestIssuer, trustedIssuer } from "../support/tokens.ts";

const Mode = gatewayV1.TrustSection_Mode;
const kid = "key-2026-11";
const own = makeIssuer({ kid });
const partner = makeIssuer({ issuer: "urn:catalyst:partner", kid });

const refusedBody = {
  errors: [
    {
      message: "A valid token is needed: `Authorization: Bearer` and a service token of this node.",
      extensions: { code: "UNAUTHENTICATED" },
    },
  ],
};

/** Of a token that was shown; nothing tells what was wrong with it. */
function assertRefused(answer: BearerAnswer, name: string): void {
  const { status, challenge, body } = answer;
  assert.deepEqual(
    { status, challenge, body },
    { status: 401, challenge: 'Bearer error="invalid_token"', body: refusedBody },
    name,
  );
}

function assertTaken({ status, body }: BearerAnswer, name: string): void {
  assert.deepEqual({ status, body }, { status: 200, body: { data: { __typename: "Query" } } }, name);
}

type Section = MessageInitShape<typeof gatewayV1.TrustSectionSchema>;

describe("a gateway that wants tokens", { timeout: 120_000 }, () => {
  const stack = new AsyncDisposableStack();
  /** Whatever was shown: none of it may be in the log. */
  const shown: string[] = [];
  let gateway: Gateway;
  let bait = { url: "", calls: 0 };

  before(async () => {
    gateway = stack.use(await Gateway.start(["--log-level", "trace"]));
    bait = await listenForNobody(stack);
    await tell();
  });
  after(() => stack.disposeAsync());

  /** Sends the section `trust`; without changes both issuers are believed and nothing is taken back. */
  async function tell(changes: Section = {}): Promise<void> {
    const issuers = [own, partner].map(trustedIssuer);
    const trust = { mode: Mode.REQUIRED, ownIssuer: own.issuer, issuers, ...changes };
    const { outcomes } = await gateway.configure({ identity: acme, schema: {}, endpoints: {}, trust });
    assert.equal(outcomes["trust"], "applied");
  }

  function show(token: string): Promise<BearerAnswer> {
    shown.push(token);
    return sendAs(gateway.graphql, token);
  }

  async function refusals(): Promise<Readonly<Record<string, bigint>>> {
    return (await gateway.status()).counters?.tokenRefusals ?? {};
  }

  for (const [group, make] of Object.entries(badTokens)) {
    test(`answers 401 to every bad token, each counted for its own reason, and 200 to good ones beside: ${group}`, async () => {
      const tokens = make({ own, partner }, bait.url);
      for (const [name, token] of Object.entries(tokens.good)) assertTaken(await show(token), name);
      const before = await refusals();
      for (const { name, token } of tokens.bad) assertRefused(await show(token), name);
      const now = await refusals();
      const counted = Object.entries(now).map(([reason, count]) => [reason, Number(count - (before[reason] ?? 0n))]);
      const expected = Object.entries(Object.groupBy(tokens.bad, ({ reason }) => reason));
      assert.deepEqual(
        Object.fromEntries(counted.filter(([, count]) => count !== 0)),
        Object.fromEntries(expected.map(([reason, all]) => [reason, all.length])),
      );
      for (const token of Object.values(tokens.good)) assertTaken(await show(token), "a good one afterwards");
    });
  }

  test("asks nobody for a key, whatever a token says where one is", async () => {
    const urls = ["jku", "x5u", "jwk", "kid"].map((member) =>
      own.sign(own.serviceClaims(), { [member]: `${bait.url}/key` }),
    );
    for (const token of urls) assertRefused(await show(token), token);
    assert.equal(bait.calls, 0);
    await fetch(bait.url);
    assert.equal(bait.calls, 1, "it would have been seen");
  });

  test("reads one Authorization header, and a token nowhere else", async () => {
    const token = own.serviceToken();
    shown.push(token);
    const { graphql } = gateway;
    const bearer = `Bearer ${token}`;
    assertTaken(await sendWith(graphql, ["Authorization", bearer]), "one");
    assertTaken(await sendWith(graphql, ["authorization", `bEARER ${token}`]), "the scheme in any letters");
    const bad: Readonly<Record<string, readonly string[]>> = {
      "the same twice": ["Authorization", bearer, "Authorization", bearer],
      "the same twice, in other letters": ["Authorization", bearer, "AUTHORIZATION", bearer],
      "a good one before a bad one": ["Authorization", bearer, "Authorization", "Bearer x"],
      "a bad one before a good one": ["Authorization", "Bearer x", "Authorization", bearer],
      "two in one": ["Authorization", `${bearer}, ${bearer}`],
      "another scheme": ["Authorization", `Basic ${token}`],
      "no scheme": ["Authorization", token],
      "the scheme alone": ["Authorization", "Bearer"],
      "nothing in it": ["Authorization", ""],
    };
    for (const [name, headers] of Object.entries(bad)) assertRefused(await sendWith(graphql, headers), name);
    const without = { status: 401, challenge: "Bearer", body: refusedBody };
    const elsewhere: Readonly<Record<string, readonly [string, readonly string[]]>> = {
      nowhere: [graphql, []],
      "in the query string": [`${graphql}?access_token=${token}`, []],
      "in a cookie": [graphql, ["Cookie", `access_token=${token}; Authorization=${bearer}`]],
      "in a header of a proxy": [graphql, ["Proxy-Authorization", bearer, "X-Forwarded-Authorization", bearer]],
    };
    for (const [name, [url, headers]] of Object.entries(elsewhere)) {
      const { status, challenge, body } = await sendWith(url, headers);
      assert.deepEqual({ status, challenge, body }, without, name);
    }
  });

  test("takes a known token no more from the push on that takes its key or itself back", async () => {
    const iat = Math.floor(Date.now() / 1000) - 30;
    const claims = { ...own.serviceClaims(), iat, jti: "taken-back" };
    const token = own.sign(claims);
    const other = own.serviceToken();
    const partners = partner.serviceToken();
    const revoked = (what: trustV1.Revocation["what"], issuer = ""): Section => ({ revocations: [{ issuer, what }] });
    const before = timestampFromMs(iat * 1000 + 1000);
    type Taken = readonly [token: boolean, other: boolean, partners: boolean];
    const steps: Readonly<Record<string, readonly [Section, Taken]>> = {
      "its kid is removed": [
        { issuers: [{ issuer: own.issuer, keys: [] }, trustedIssuer(partner)] },
        [false, false, true],
      ],
      "its issuer is removed": [{ issuers: [trustedIssuer(partner)] }, [false, false, true]],
      "its kid is another key": [
        { issuers: [{ ...trustedIssuer(partner), issuer: own.issuer }] },
        [false, false, false],
      ],
      "its key has ended": [
        { issuers: [withKey(own, { notAfter: timestampFromMs(Date.now() - 1) }), trustedIssuer(partner)] },
        [false, false, true],
      ],
      "its key may sign something else": [
        { issuers: [withKey(own, { classes: [trustV1.TokenClass.PEER] }), trustedIssuer(partner)] },
        [false, false, true],
      ],
      "its jti": [revoked({ case: "jti", value: "taken-back" }), [false, true, true]],
      "its jti, of the issuer by name": [
        revoked({ case: "jti", value: "taken-back" }, own.issuer),
        [false, true, true],
      ],
      "its jti, of another issuer": [revoked({ case: "jti", value: "taken-back" }, partner.issuer), [true, true, true]],
      "its kid": [revoked({ case: "kid", value: kid }), [false, false, true]],
      "the partner's kid of the same name": [revoked({ case: "kid", value: kid }, partner.issuer), [true, true, false]],
      "all before a time": [revoked({ case: "issuedBefore", value: before }), [false, true, true]],
      "another audience": [{ audience: "acme/north" }, [false, false, false]],
    };
    const taken = async (): Promise<readonly boolean[]> => {
      const answers = [await show(token), await show(other), await show(partners)];
      for (const answer of answers) if (answer.status !== 200) assertRefused(answer, "refused");
      return answers.map(({ status }) => status === 200);
    };
    for (const [name, [changes, expected]] of Object.entries(steps)) {
      await tell();
      assert.deepEqual(await taken(), [true, true, true], `before: ${name}`);
      await tell(changes);
      assert.deepEqual(await taken(), expected, name);
    }
    await tell();
    assert.deepEqual(await taken(), [true, true, true], "and it is taken again when all is as before");
  });

  test("takes a token until its exp and the skew, though it knows it", async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = own.sign({ ...own.serviceClaims(), iat: now - 60, exp: now - 2 });
    assertTaken(await show(token), "within the skew");
    await new Promise((settle) => setTimeout(settle, (now + 3) * 1000 + 50 - Date.now()));
    assertRefused(await show(token), "beyond the skew");
  });

  test("takes a token without trouble where none is needed, and no bad one there", async () => {
    await tell({ mode: Mode.OPTIONAL });
    assertTaken(await sendWith(gateway.graphql, []), "none");
    assertTaken(await show(own.serviceToken()), "a good one");
    assertRefused(await show(replaceSegment(own.serviceToken(), 2, "A".repeat(128))), "a bad one");
    await tell({ mode: Mode.OFF });
    assertTaken(await show("x"), "nothing is looked at");
    await tell();
  });

  test("answers 503 to what is too much of a flood of forged tokens, and 200 to known good ones meanwhile", async () => {
    const good = own.serviceToken();
    assertTaken(await show(good), "before");
    const token = own.serviceToken();
    const bytes = Buffer.from(token.split(".")[2] ?? "", "base64url");
    const forged = Array.from({ length: 400 }, (_, number) => {
      bytes.writeUInt32BE(number, 60);
      return replaceSegment(token, 2, segment(bytes));
    });
    const flood = forged.map(show);
    for (let time = 0; time < 20; time++) assertTaken(await show(good), "meanwhile");
    const answers = await Promise.all(flood);
    const busy = answers.filter(({ status }) => status === 503);
    assert.ok(busy.length > 0 && busy.length < answers.length, `${busy.length} of ${answers.length}`);
    for (const { body, retryAfter, challenge } of busy) {
      assert.equal(body.errors?.[0]?.extensions?.["code"], "OVERLOADED");
      assert.equal(retryAfter, "1");
      assert.equal(challenge, undefined);
    }
    for (const answer of answers) if (answer.status !== 503) assertRefused(answer, "forged");
    assertTaken(await show(own.serviceToken()), "and a new one afterwards");
  });

  test("answers a head that is far too long without looking at it", async () => {
    const { status } = await sendAs(gateway.graphql, "x".repeat(20_000));
    assert.equal(status, 431);
    assertTaken(await show(own.serviceToken()), "and a good one afterwards");
  });

  test("tells the log why, and never a token, nor any part of one", async () => {
    const { stderr } = gateway.running;
    assert.match(stderr, /"reason":"signature"/);
    assert.ok(shown.length > 300);
    const parts = new Set(shown.flatMap((token) => token.split(".").concat(token)));
    const found = [...parts].filter((part) => part.length >= 24 && stderr.includes(part.slice(0, 24)));
    assert.deepEqual(found, []);
  });
});

type TrustedIssuer = MessageInitShape<typeof trustV1.TrustedIssuerSchema>;

function withKey({ issuer, verificationKey: { kid, x, y } }: TestIssuer, may: KeyLimits): TrustedIssuer {
  return { issuer, keys: [{ kid, x, y, classes: [trustV1.TokenClass.SERVICE], ...may }] };
}

type KeyLimits = Pick<MessageInitShape<typeof trustV1.VerificationKeySchema>, "classes" | "notAfter">;

/** A server that nobody has a reason to ask, and how often it was. */
async function listenForNobody(stack: AsyncDisposableStack): Promise<{ readonly url: string; calls: number }> {
  const told = { url: "", calls: 0 };
  const server = createServer((_, response) => response.end()).on("connection", () => (told.calls += 1));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  told.url = `http://127.0.0.1:${port}`;
  return told;
}
