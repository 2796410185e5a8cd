import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { connect } from "node:tls";
import { gatewayV1, timestampFromMs } from "@catalyst-node/adapters/rpc";
import { sendAs, sendWith } from "../../../tests/support/bearer.ts";
import { TestCertificates } from "../../../tests/support/certificates.ts";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { eventually } from "../../../tests/support/process.ts";
import { makeIssuer, trustedIssuer } from "../../../tests/support/tokens.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { books, desired } from "./testing/subgraphs.ts";
import { trusting } from "./testing/trust.ts";

const deadline = { timeout: 120_000 };
const { OFF, OPTIONAL } = gatewayV1.TrustSection_Mode;
const own = makeIssuer();
const generic =
  '{"errors":[{"message":"A valid token is needed: `Authorization: Bearer` and a service token of this node.","extensions":{"code":"UNAUTHENTICATED"}}]}';

const trust = trusting(own);
const empty = { schema: {}, endpoints: {} };
const statusOf = async (sent: ReturnType<typeof sendAs>): Promise<number> => (await sent).status;

/** A changed character in the middle of the signature. */
function forged(token: string): string {
  const at = token.length - 60;
  return `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
}

for (const workers of [1, 2]) {
  const flags = ["--workers", String(workers)];

  test(`a good token is answered, and all others get one 401 (workers: ${workers})`, deadline, async () => {
    await using gateway = await Gateway.start(flags);
    await using book = await books("dune");
    const { outcomes } = await gateway.configure({ identity: acme, ...desired([book]), trust: trust() });
    assert.deepEqual(outcomes, { identity: "applied", schema: "applied", endpoints: "applied", trust: "applied" });
    const good = own.serviceToken();
    assert.equal(await statusOf(sendAs(gateway.graphql, good)), 200);
    const bad = {
      "another byte": forged(good),
      expired: own.serviceToken({ ttl: -10 }),
      "another audience": own.serviceToken({ aud: "acme/east" }),
      "another's key": makeIssuer().serviceToken(),
      nothing: "",
    };
    for (const [name, token] of Object.entries(bad)) {
      const { status, challenge, body } = await sendAs(gateway.graphql, token);
      assert.deepEqual([status, challenge, JSON.stringify(body)], [401, 'Bearer error="invalid_token"', generic], name);
    }
    const { status, challenge, body } = await sendWith(gateway.graphql, []);
    assert.deepEqual([status, challenge, JSON.stringify(body)], [401, "Bearer", generic]);
    const twice = ["Authorization", `Bearer ${good}`, "Authorization", `Bearer ${good}`];
    assert.equal(await statusOf(sendWith(gateway.graphql, twice)), 401);
    assert.equal(await statusOf(sendWith(gateway.graphql, ["authorization", `bEaReR ${good}`])), 200);
    assert.equal(await statusOf(sendWith(gateway.graphql, ["Authorization", `Basic ${good}`])), 401);
    assert.equal((await fetch(`${gateway.graphql}?query={__typename}&access_token=${good}`)).status, 401);
    for (const path of ["/livez", "/readyz"] as const) assert.equal((await gateway.probe(path)).status, 200);

    const { counters } = await gateway.status();
    const { missing, signature, expired, audience, malformed, "unknown-key": unknown } = counters?.tokenRefusals ?? {};
    assert.deepEqual([missing, signature, expired, audience, malformed, unknown], [2n, 1n, 1n, 1n, 3n, 1n]);
    assert.equal(counters?.refusals["UNAUTHENTICATED"], 9n);
    await gateway.running.stop();
    const log = gateway.running.stderr;
    assert.match(log, /"reason":"expired"/);
    assert.doesNotMatch(log, /eyJ/, "no token is in the log");
  });

  test(
    `a mode, and what is taken back, hold from the moment they are confirmed (workers: ${workers})`,
    deadline,
    async () => {
      await using gateway = await Gateway.start(flags);
      await gateway.configure({ identity: acme, ...empty });
      const good = own.serviceToken({ jti: "one" });
      const other = own.serviceToken({ jti: "two" });
      const answers = async () =>
        await Promise.all(
          [sendWith(gateway.graphql, []), sendAs(gateway.graphql, good), sendAs(gateway.graphql, "x")].map(statusOf),
        );
      assert.deepEqual(await answers(), [200, 200, 200], "never told any, it answers everybody");
      await gateway.configure({ trust: trust({ mode: OFF }) });
      assert.deepEqual(await answers(), [200, 200, 200]);
      await gateway.configure({ trust: trust({ mode: OPTIONAL }) });
      assert.deepEqual(await answers(), [200, 200, 401]);
      await gateway.configure({ trust: trust() });
      assert.deepEqual(await answers(), [401, 200, 401]);
      await gateway.configure({ trust: trust({ audience: "acme/edge" }) });
      assert.deepEqual(await answers(), [401, 401, 401]);

      await gateway.configure({ trust: trust({ revocations: [{ what: { case: "jti", value: "one" } }] }) });
      for (let time = 0; time < 4; time += 1) {
        assert.equal(await statusOf(sendAs(gateway.graphql, good)), 401);
        assert.equal(await statusOf(sendAs(gateway.graphql, other)), 200);
      }
      await gateway.configure({ trust: trust({ issuers: [trustedIssuer(makeIssuer())] }) });
      assert.equal(await statusOf(sendAs(gateway.graphql, other)), 401, "its key is gone while it is remembered");
      const early = { what: { case: "issuedBefore" as const, value: timestampFromMs(Date.now() + 1_000) } };
      await gateway.configure({ trust: trust({ revocations: [early] }) });
      assert.equal(await statusOf(sendAs(gateway.graphql, other)), 401);
    },
  );
}

test("required without any key is not ready, and nobody is answered", deadline, async () => {
  await using gateway = await Gateway.start();
  const { status } = await gateway.configure({ identity: acme, ...empty, trust: trust({ issuers: [] }) });
  assert.deepEqual(
    status?.notReadyReasons.map(({ code }) => code),
    ["CAT-GATEWAY-005"],
  );
  assert.equal((await gateway.probe("/readyz")).status, 503);
  assert.equal(await statusOf(sendAs(gateway.graphql, own.serviceToken())), 503);
  await gateway.configure({ trust: trust() });
  assert.equal((await gateway.probe("/readyz")).status, 200);
  assert.equal(await statusOf(sendAs(gateway.graphql, own.serviceToken())), 200);
});

test(
  "a trust that cannot be used is refused with every reason; the last good one stays, and before it nobody is answered",
  deadline,
  async () => {
    await using gateway = await Gateway.start();
    const [issuer] = [trustedIssuer(own)];
    const [key] = issuer.keys ?? [];
    const broken = trust({
      audience: "a b",
      issuers: [
        {
          issuer: "one",
          keys: [
            { ...key, y: key?.x ?? "" },
            { ...key, kid: "" },
            { ...key, x: "short" },
          ],
        },
        { issuer: "one" },
        { issuer: "" },
      ],
      revocations: [{}],
      signing: { address: "ftp://x" },
      subjects: [{ service: "a", audience: "" }],
    });
    const first = await gateway.configure({ identity: acme, ...empty, trust: broken });
    assert.deepEqual(first.outcomes, {
      identity: "applied",
      schema: "applied",
      endpoints: "applied",
      trust: "refused",
    });
    assert.deepEqual(
      first.results.at(-1)?.problems.map(({ code, path }) => `${code.slice(-3)} ${path}`),
      [
        "074 trust.issuers[0].keys[0]",
        "074 trust.issuers[0].keys[1]",
        "074 trust.issuers[0].keys[2]",
        "073 trust.issuers[1]",
        "073 trust.issuers[2]",
        "075 trust.revocations[0]",
        "076 trust.audience",
        "076 trust.signing.address",
        "076 trust.subjects[0]",
      ],
    );
    assert.equal(await statusOf(sendWith(gateway.graphql, [])), 503);
    await gateway.configure({ trust: trust({ mode: OPTIONAL }) });
    const again = await gateway.configure({ trust: broken });
    assert.equal(again.outcomes["trust"], "refused");
    assert.equal(await statusOf(sendWith(gateway.graphql, [])), 200);
    const many = Array.from({ length: 10_001 }, (_, index) => ({ what: { case: "jti" as const, value: `${index}` } }));
    const tooMany = await gateway.configure({ trust: trust({ revocations: many }) });
    assert.deepEqual(tooMany.results[0]?.problems[0]?.code, "CAT-GATEWAY-072");
    const most = { ...trust({ revocations: many.slice(1) }), digest: "most" };
    assert.equal((await gateway.configure({ trust: most })).outcomes["trust"], "applied");
    assert.equal((await gateway.configure({ trust: most })).outcomes["trust"], "unchanged");
  },
);

test("a worker that comes later has the trust before it accepts anybody", deadline, async () => {
  await using gateway = await Gateway.start(["--workers", "2"]);
  await gateway.configure({ identity: acme, ...empty, trust: trust() });
  const before = (await gateway.status()).workers.map(({ pid }) => pid);
  for (const pid of before) process.kill(pid, "SIGKILL");
  const seen = new Set<number>();
  await eventually(
    async () => {
      await sendWith(gateway.graphql, []).then(
        ({ status }) => seen.add(status),
        () => undefined,
      );
      return (await gateway.status()).workers;
    },
    (workers) => workers.every(({ pid, state }) => state === 2 && !before.includes(pid)),
    { within: 30_000 },
  );
  assert.equal(await statusOf(sendAs(gateway.graphql, own.serviceToken())), 200);
  assert.deepEqual([...seen], [401]);
});

test(
  "in dev mode the page is anybody's, and what it asks is not; queries by GET are vetted too",
  deadline,
  async () => {
    await using gateway = await Gateway.start();
    await gateway.configure({ identity: { ...acme, mode: gatewayV1.Mode.DEV }, ...empty, trust: trust() });
    const page = await fetch(gateway.graphql, { headers: { accept: "text/html" } });
    assert.equal(page.status, 200);
    const get = `${gateway.graphql}?query={__typename}`;
    assert.equal((await fetch(get)).status, 401);
    assert.equal((await fetch(get, { headers: { authorization: `Bearer ${own.serviceToken()}` } })).status, 200);
  },
);

test("over HTTP/2 one token is taken, and two are none", deadline, async () => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  const { certFile, keyFile } = certificates;
  await using gateway = await Gateway.start(["--tls-cert-file", certFile, "--tls-key-file", keyFile]);
  await gateway.configure({ identity: acme, ...empty, trust: trust() });
  const { port } = new URL(gateway.graphql);
  const socket = connect({ port: Number(port), host: "localhost", ca: certificates.ca, ALPNProtocols: ["h2"] });
  await using _ = { [Symbol.asyncDispose]: async () => void socket.destroy() };
  await once(socket, "secureConnect");
  socket.resume();
  socket.write(Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(4, 0, 0, Buffer.alloc(0))]));
  const bearer = `Bearer ${own.serviceToken()}`;
  const counted = async (...authorizations: readonly string[]) => {
    const stream = (streams += 2);
    socket.write(
      frame(1, 4, stream, Buffer.concat([...head, ...authorizations.map((value) => field("authorization", value))])),
    );
    socket.write(frame(0, 1, stream, Buffer.from('{"query":"{__typename}"}')));
    return await eventually(
      async () => {
        const { counters } = await gateway.status();
        return [counters?.operations, counters?.tokenRefusals["malformed"], counters?.tokenRefusals["missing"]];
      },
      (counts) => counts.reduce<bigint>((sum, count = 0n) => sum + count, 0n) === BigInt((stream - 1) / 2),
    );
  };
  let streams = 1;
  assert.deepEqual(await counted(bearer), [1n, undefined, undefined]);
  assert.deepEqual(await counted(bearer, bearer), [1n, 1n, undefined]);
  assert.deepEqual(await counted(), [1n, 1n, 1n]);
});

// By hand: Node's own client sends no field twice of which there may be one.
const field = (name: string, value: string): Buffer => Buffer.concat([Buffer.from([0]), sized(name), sized(value)]);
const head = Object.entries({
  ":method": "POST",
  ":scheme": "https",
  ":path": "/graphql",
  ":authority": "localhost",
  "content-type": "application/json",
}).map(([name, value]) => field(name, value));

/** HPACK's text of up to 127 + 2^14 bytes (RFC 7541, 5.1 and 5.2). */
function sized(text: string): Buffer {
  const over = text.length - 127;
  const length = over < 0 ? [text.length] : [127, (over & 127) | 128, over >> 7];
  return Buffer.from([...length, ...Buffer.from(text)]);
}

/** A frame of HTTP/2 (RFC 9113, 4.1). */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const start = Buffer.alloc(9);
  start.writeUIntBE(payload.length, 0, 3);
  start.writeUInt8(type, 3);
  start.writeUInt8(flags, 4);
  start.writeUInt32BE(stream, 5);
  return Buffer.concat([start, payload]);
}
