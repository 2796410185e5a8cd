import assert from "node:assert/strict";
import { once } from "node:events";
import { rename, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { isRunning } from "@catalyst-node/adapters/process";
import { adminV1, Code, ConnectError, createClient, orchestratorV1, rpcTransport } from "@catalyst-node/adapters/rpc";
import { sendAs, sendWith } from "../../../tests/support/bearer.ts";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { nodeFlags, runNode } from "../../../tests/support/node.ts";
import { catalyst, eventually, Running } from "../../../tests/support/process.ts";
import { makeIssuer } from "../../../tests/support/tokens.ts";

const deadline = { timeout: 90_000 };
const required = ["--auth-listen=127.0.0.1:0", "--gateway-auth-mode=required"];
const embedded = ["--auth-mode=embedded", ...required];

async function callsTo(address: string) {
  const transport = await rpcTransport({ address, timeoutMs: 10_000 });
  assert.ok(transport.ok);
  return {
    admin: createClient(adminV1.AdminService, transport.value),
    reads: createClient(orchestratorV1.OrchestratorService, transport.value),
    [Symbol.dispose]: () => transport.value[Symbol.dispose](),
  };
}

function pidOf({ document: { items } }: Running, name: string): number {
  assert.ok(Array.isArray(items));
  const { pid }: { readonly pid: number } = items.find((item) => item.process === name);
  return pid;
}

async function statusOf(url: string, token?: string): Promise<number> {
  return (await (token === undefined ? sendWith(url, []) : sendAs(url, token))).status;
}

async function get(url: string, headers: Readonly<Record<string, string>>): Promise<readonly [number, string]> {
  const sent = request(url, { headers, agent: false, signal: AbortSignal.timeout(5_000) });
  sent.end();
  const [response] = await once(sent, "response");
  return [response.statusCode, await text(response)];
}

test(
  "a gateway of a node with auth answers whoever has a token of its own, also while auth is down",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    await using node = await runNode({ stateDir: folder.path, flags: embedded });
    using calls = await callsTo(`unix:${join(folder.path, "admin.sock")}`);
    const { token, jti } = await calls.admin.issueServiceToken({ token: { subject: "reports" } });
    assert.equal(await statusOf(node.graphql), 401);
    assert.equal(await statusOf(node.graphql, token), 200);
    const elsewhere = await calls.admin.issueServiceToken({ token: { subject: "reports", audience: "acme/east" } });
    assert.equal(await statusOf(node.graphql, elsewhere.token), 401);
    await assert.rejects(calls.admin.issueServiceToken({ token: { subject: "" } }), (error) => {
      return error instanceof ConnectError && error.code === Code.InvalidArgument;
    });

    const auth = pidOf(node, "auth");
    process.kill(auth, "SIGKILL");
    assert.equal(await statusOf(node.graphql, token), 200);
    const signed = await eventually(
      async () => calls.admin.issueServiceToken({ token: { subject: "again" } }).catch(() => undefined),
      (answer) => answer !== undefined,
      { every: 50 },
    );
    assert.equal(signed?.kid, (await calls.admin.listKeys({})).keys[0]?.kid, "it has its key again");
    assert.equal(await statusOf(node.graphql, token), 200);

    const begun = performance.now();
    const { effective } = await calls.admin.revoke({ revocation: { what: { case: "jti", value: jti } } });
    assert.ok(effective);
    assert.equal(await statusOf(node.graphql, token), 401);
    assert.ok(performance.now() - begun < 1_500);
    assert.equal(await statusOf(node.graphql, signed?.token), 200);
  },
);

test(
  "keys are published on the API's address; a page of another site reads nothing, and nobody changes anything there",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    await using node = await runNode({ stateDir: folder.path, flags: embedded });
    const api = node.url("api");
    const jwks = `${api}/.well-known/jwks.json`;
    const [status, body] = await get(jwks, {});
    assert.equal(status, 200);
    assert.doesNotMatch(body, /"d"/);
    using reads = await callsTo(api);
    assert.equal((await reads.reads.getJwks({})).jwksJson, body);
    const kid = /"kid":"([^"]+)"/.exec(body)?.[1];
    assert.ok(kid);
    assert.equal(kid, (await reads.reads.getStatus({})).status?.auth?.kids[0]);
    const call = `${api}/catalyst.orchestrator.v1.OrchestratorService/GetStatus?encoding=json&message=%7B%7D&connect=v1`;
    for (const url of [jwks, call]) {
      assert.equal((await get(url, { host: "evil.example" }))[0], 403);
      assert.equal((await get(url, { origin: "http://evil.example" }))[0], 403);
      assert.equal((await get(url, { host: "127.0.0.1.evil.example:4100" }))[0], 403);
    }
    await assert.rejects(reads.admin.listKeys({}), (error) => {
      return error instanceof ConnectError && [Code.Unimplemented, Code.NotFound].includes(error.code);
    });
    assert.equal((await get(`${api}/catalyst.orchestrator.v1.AdminService/ListKeys`, {}))[0], 404);
  },
);

test(
  "after SIGKILL of the orchestrator the next one adopts gateway and auth, and nothing is lost",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    const flags = { stateDir: folder.path, flags: embedded };
    const first = await runNode(flags);
    const pids = { gateway: pidOf(first, "gateway"), auth: pidOf(first, "auth") };
    let token = "";
    {
      using calls = await callsTo(`unix:${join(folder.path, "admin.sock")}`);
      ({ token } = await calls.admin.issueServiceToken({ token: { subject: "reports" } }));
    }
    await first.kill();
    assert.equal(await statusOf(first.graphql, token), 200);
    await using second = await runNode(flags);
    assert.deepEqual({ gateway: pidOf(second, "gateway"), auth: pidOf(second, "auth") }, pids);
    assert.equal(await statusOf(second.graphql, token), 200);
    await second.kill();
    await using third = await runNode({ ...flags, flags: [...embedded, "--auth-max-token-lifetime=2h"] });
    assert.equal(pidOf(third, "gateway"), pids.gateway);
    assert.notEqual(pidOf(third, "auth"), pids.auth, "one with other settings is replaced");
    assert.equal(await statusOf(third.graphql, token), 200);
    using calls = await callsTo(`unix:${join(folder.path, "admin.sock")}`);
    assert.equal((await calls.admin.listTokens({})).tokens.length, 1);
    await third.stop();
    assert.deepEqual([await isRunning(pids.gateway), await isRunning(pids.auth)], [false, false]);
  },
);

test(
  "a node whose remote auth is down takes tokens by the keys that were learned, and says what is amiss",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    const stateDir = join(folder.path, "node");
    const rpc = `--auth-rpc-address=unix:${folder.path}/auth/auth-orchestrator.sock`;
    const flags = { stateDir, flags: ["--auth-mode=remote", rpc, ...required] };
    const auth = ["--organization=acme", "--node=west", `--state-dir=${folder.path}/auth`, "--auth-listen=127.0.0.1:0"];
    const admin = `unix:${join(stateDir, "admin.sock")}`;
    let token = "";
    {
      await using _auth = await Running.catalyst(["auth", "--auth-mode=embedded", ...auth]);
      await using _node = await runNode(flags);
      using calls = await callsTo(admin);
      ({ token } = await calls.admin.issueServiceToken({ token: { subject: "reports" } }));
    }
    await using node = await runNode(flags);
    assert.equal(await statusOf(node.graphql, token), 200);
    assert.equal(await statusOf(node.graphql), 401);
    using calls = await callsTo(admin);
    await assert.rejects(calls.admin.issueServiceToken({ token: { subject: "reports" } }), (error) => {
      return error instanceof ConnectError && error.code === Code.Unavailable;
    });
    using api = await callsTo(node.url("api"));
    const { status } = await api.reads.getStatus({});
    assert.ok(status?.ready);
    assert.ok(status.reasons.some(({ code }) => code === "CAT-NODE-014"));
  },
);

test(
  "tokens of another issuer are taken by its file, and no more when the file takes its keys back",
  deadline,
  async () => {
    await using folder = await temporaryFolder();
    const partner = makeIssuer({ issuer: "urn:catalyst:partner", kid: "p1" });
    const file = join(folder.path, "partner.json");
    const issuer = `--gateway-auth-issuer=name=partner,issuer=${partner.issuer},jwksFile=${file}`;
    const flags = { stateDir: join(folder.path, "state"), flags: ["--gateway-auth-mode=required", issuer] };

    await writeFile(file, `{"keys": [{"kty": "EC", "d": "secret-of-theirs"}]}`);
    const refused = await catalyst(["run", ...nodeFlags(flags)]);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /CAT-ISSUERS-002/);
    assert.doesNotMatch(refused.stderr, /secret-of-theirs/);

    await writeFile(file, JSON.stringify({ keys: [partner.jwk] }));
    await using node = await runNode(flags);
    const token = partner.serviceToken();
    assert.equal(await statusOf(node.graphql, token), 200);
    using api = await callsTo(node.url("api"));
    await writeFile(file, "half of");
    await eventually(
      async () => (await api.reads.getStatus({})).status?.reasons.map(({ code }) => code).join(),
      (codes) => codes?.includes("CAT-NODE-020,CAT-ISSUERS-002") === true,
    );
    assert.equal(await statusOf(node.graphql, token), 200);
    await writeFile(`${file}.new`, `{"keys": []}`);
    await rename(`${file}.new`, file);
    await eventually(
      () => statusOf(node.graphql, token),
      (status) => status === 503,
      { every: 100 },
    );
    await assert.rejects(api.reads.getJwks({}), (error) => {
      return error instanceof ConnectError && error.code === Code.FailedPrecondition;
    });
  },
);

test("a node whose key cannot be used ends with 3, and auth's own message tells why", deadline, async () => {
  await using folder = await temporaryFolder();
  const keyFile = join(folder.path, "key.pem");
  await writeFile(keyFile, "-----BEGIN PRIVATE KEY-----\nSECRET\n", { mode: 0o644 });
  const flags = [...embedded, `--auth-key-file=${keyFile}`];
  const { code, stderr } = await catalyst(["run", ...nodeFlags({ stateDir: join(folder.path, "state"), flags })]);
  assert.equal(code, 3, stderr);
  assert.match(stderr, /CAT-NODE-021/);
  assert.match(stderr, /CAT-KEYS-\d{3}/);
  assert.doesNotMatch(stderr, /SECRET/);
});
