import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { authV1 } from "@catalyst-node/adapters/rpc";
import { decodeJwt } from "jose";
import { ask, statusAs } from "../support/graphql.ts";
import { callsOf, identityNode } from "../support/identity-node.ts";
import { eventually, isAlive } from "../support/process.ts";
import { SteadyClient } from "../support/steady-client.ts";

const { RotateRequest_Mode: Mode } = authV1;
const deadline = { timeout: 240_000 };
const query = "{ __typename }";
const answered = { status: 200, data: { __typename: "Query" } };
/** What clocks may differ by, in seconds. */
const skew = 5;

const askAs = (url: string, token?: string) => ask(url, query, {}, token);

describe("a node with an auth of its own", { concurrency: 2 }, () => {
  test("answers whoever has a token that it signed, and nobody else", deadline, async () => {
    await using node = await identityNode();
    const token = await node.token("--name", "nightly");
    assert.deepEqual(await askAs(node.graphql, token), answered);
    assert.equal(await statusAs(node.graphql), 401, "none");
    const at = token.lastIndexOf(".") + 20;
    const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
    assert.equal(await statusAs(node.graphql, changed), 401, "a changed byte");
    const other = await node.token("--audience", "acme/east");
    assert.equal(await statusAs(node.graphql, other), 401, "another audience");
    const short = await node.token("--ttl", "1s");
    assert.equal(await statusAs(node.graphql, short), 200);
    await setTimeout(Number(decodeJwt(short).exp) * 1_000 + (skew + 1) * 1_000 - Date.now());
    assert.equal(await statusAs(node.graphql, short), 401, "after its expiry");
    assert.equal(await statusAs(node.graphql, token), 200);
    await node.assertSilent();
  });

  test("answers while auth is killed, and loses nothing by it", deadline, async () => {
    await using node = await identityNode();
    const [known, fresh, bad] = [
      await node.token("--name", "known"),
      await node.token("--name", "fresh"),
      await node.token("--name", "taken back"),
    ];
    assert.equal(await statusAs(node.graphql, known), 200);
    const revoked = await node.canary.catalyst([
      "token",
      "revoke",
      "--state-dir",
      node.stateDir,
      "--jti",
      String(decodeJwt(bad).jti),
    ]);
    assert.equal(revoked.code, 0, revoked.stderr);
    assert.equal(await statusAs(node.graphql, bad), 401, "taken back");
    const lists = async () => {
      const args = ["--state-dir", node.stateDir, "-o", "json"];
      const keys = await node.canary.catalyst(["keys", "list", ...args]);
      const tokens = await node.canary.catalyst(["token", "list", ...args]);
      // Without what passes meanwhile.
      const lasting = (name: string, value: unknown): unknown => (name.startsWith("seconds") ? undefined : value);
      return [keys, tokens].map(({ stdout }) => JSON.parse(stdout, lasting).items);
    };
    const before = await lists();

    using calls = await callsOf(node);
    const pid = async () => (await calls.reads.getStatus({})).status?.auth?.status?.pid ?? 0;
    const killed = await pid();
    process.kill(killed, "SIGKILL");
    assert.equal(await statusAs(node.graphql, known), 200, "one that was seen before");
    assert.equal(await statusAs(node.graphql, fresh), 200, "one that was not");
    assert.equal(await statusAs(node.graphql, bad), 401);
    assert.equal(await statusAs(node.graphql), 401);
    await eventually(pid, (now) => now !== killed && now !== 0 && isAlive(now));
    await eventually(async () => (await calls.reads.getStatus({})).status?.auth?.connected, Boolean);
    assert.deepEqual(await lists(), before);
    assert.equal(await statusAs(node.graphql, bad), 401);
    assert.equal(await statusAs(node.graphql, await node.token()), 200);
    await node.assertSilent();
  });

  test("fails no request over ten rotations of its key", deadline, async (t) => {
    await using node = await identityNode();
    using calls = await callsOf(node);
    const first = await calls.token();
    let newest = first;
    await using client = new SteadyClient(node.graphql, {
      rate: 100,
      next: (number) => ({
        // One client in two never renews its token: it stays good for as long as it was signed for.
        kind: number % 2 === 0 ? "renewed" : "first",
        body: JSON.stringify({ query }),
        headers: { authorization: `Bearer ${number % 2 === 0 ? newest : first}` },
        isAnswer: (status, text) => status === 200 && text.includes(`"__typename":"Query"`),
      }),
    });
    const kids = new Set<string>();
    for (let rotation = 0; rotation < 10; rotation += 1) {
      const { keys } = await calls.admin.rotateKeys({ mode: Mode.PREPARE });
      const next = keys.find(({ state }) => state === authV1.Key_State.PREPARED)?.kid ?? assert.fail();
      await calls.untilKnown(next);
      await calls.admin.rotateKeys({ mode: Mode.ACTIVATE });
      newest = await calls.token();
      kids.add(next);
      const { answered: so } = client;
      await eventually(
        async () => client.answered,
        (now) => now >= so + 20,
      );
    }
    await client.stop();
    t.diagnostic(
      `${client.answered} answered, ${client.failed} failed, the slowest in ${Math.round(client.slowest)} ms`,
    );
    assert.equal(client.failed + client.refused, 0, client.failures.join("\n"));
    assert.equal(kids.size, 10);
    const { keys } = await calls.admin.listKeys({});
    assert.equal(keys.length, 11, "those of before verify until their tokens have expired");
    await node.assertSilent();
  });
});
