import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TokenClass } from "@catalyst-node/core/trust";
import { createAuthority, type Issued } from "../../../adapters/src/rpc/testing/certificates.ts";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { catalyst, eventually, Running } from "../../../tests/support/process.ts";
import { type Call, mayCall, maySign } from "./roles.ts";
import {
  type AuthClient,
  authClient,
  authFlags,
  internalToken,
  refusal,
  serviceToken,
  type SignInit,
  startAuth,
} from "./testing/auth.ts";

const deadline = { timeout: 110_000 };
const bytes = new Uint8Array(32);

/** Every class of token, asked for as it should be. */
const classes: Readonly<Record<TokenClass, SignInit>> = {
  service: serviceToken,
  internal: internalToken,
  peer: {
    token: {
      case: "peer",
      value: { who: { case: "node", value: "acme/west" }, actor: "acme/west", audience: "partner/border" },
    },
  },
  session: {
    token: {
      case: "session",
      value: {
        node: "acme/west",
        audience: "acme/east",
        role: 1,
        ownNonce: bytes,
        peerNonce: bytes,
        transcriptHash: bytes,
      },
    },
  },
  subject: { token: { case: "subject", value: { subject: "reports", audience: "acme/west/books" } } },
};

/** Every call but those that end in a stream. */
const calls: Readonly<Record<Exclude<Call, "sign" | "watchTrust">, (client: AuthClient) => Promise<unknown>>> = {
  verify: (client) => client.verify({ token: "x" }),
  getJwks: (client) => client.getJwks({}),
  listKeys: (client) => client.listKeys({}),
  rotate: (client) => client.rotate({}),
  revoke: (client) => client.revoke({ revocation: { what: { case: "jti", value: "x" } } }),
  listTokens: (client) => client.listTokens({}),
  getStatus: (client) => client.getStatus({}),
};

async function outcomes(client: AuthClient): Promise<Readonly<Record<string, string>>> {
  const told: Record<string, string> = {};
  for (const [name, request] of Object.entries(classes)) told[name] = await refusal(client.sign(request));
  for (const [name, call] of Object.entries(calls)) told[name] = await refusal(call(client));
  const watch = client.watchTrust({})[Symbol.asyncIterator]();
  told["watchTrust"] = await refusal(watch.next());
  await watch.return?.();
  return told;
}

const allOf = (word: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...Object.keys(classes), ...Object.keys(calls), "watchTrust"].map((name) => [name, word]));
const all = allOf("none");
const denied = allOf("permission_denied");
const gateways = { ...denied, internal: "none", peer: "none", subject: "none", getJwks: "none", getStatus: "none" };

test("what does not stand in a table is refused", () => {
  assert.equal(mayCall("gateway", "sign"), true);
  assert.equal(mayCall("gateway", "revoke"), false);
  assert.equal(maySign("gateway", "session"), false);
  assert.equal(maySign("orchestrator", "session"), true);
});

test("the orchestrator's socket lets everything be done, the gateway's what a gateway needs", deadline, async () => {
  await using folder = await temporaryFolder();
  await using auth = await startAuth(folder.path);
  assert.deepEqual(await outcomes(auth.orchestrator), all);
  assert.deepEqual(await outcomes(auth.gateway), gateways);
  const { counters } = await auth.orchestrator.getStatus({});
  assert.deepEqual([counters?.signed, counters?.denied], [8n, 8n]);
  const denied = /"role":"gateway","call":"sign service","message":"denied"/;
  await eventually(
    async () => auth.running.stderr,
    (log) => denied.test(log),
  );
});

test("each signature has one line for the audit, without the token", deadline, async () => {
  await using folder = await temporaryFolder();
  await using auth = await startAuth(folder.path);
  const { jti, kid, token } = await auth.gateway.sign(internalToken);
  // The log comes by a pipe of its own, maybe after the answer.
  const lines = await eventually(
    async () => auth.running.stderr.split("\n").filter((line) => line.includes(jti)),
    (found) => found.length > 0,
  );
  assert.equal(lines.length, 1);
  const line = { class: "internal", role: "gateway", subject: "reports", audience: "acme/east", jti, kid };
  assert.partialDeepStrictEqual(JSON.parse(lines[0] ?? ""), { ...line, message: "signed" });
  for (const part of token.split(".")) assert.ok(!auth.running.stderr.includes(part));
});

/** Whose certificates a test's authority issues, as the flags of one side. */
async function certificates(folder: string) {
  const authority = createAuthority("ours");
  const write = async (name: string, { cert, key }: Issued) => {
    const file = (end: string): string => join(folder, `${name}.${end}`);
    await writeFile(file("ca"), authority.ca);
    await writeFile(file("crt"), cert);
    await writeFile(file("key"), key);
    await chmod(file("key"), 0o600);
    return { caFile: file("ca"), certFile: file("crt"), keyFile: file("key") };
  };
  const named = (name: string) => write(name, authority.issue(name, { dns: [`${name}.acme.internal`] }));
  return {
    server: await write("auth", authority.issue("auth")),
    orchestrator: await named("orchestrator"),
    gateway: await write("gateway", authority.issue("gateway", { uri: ["spiffe://acme/gateway"] })),
    stranger: await named("stranger"),
    foreign: await write("foreign", createAuthority("ours").issue("x", { dns: ["orchestrator.acme.internal"] })),
  };
}

const tlsFlags = (side: "rpc" | "gateway-rpc", files: Awaited<ReturnType<typeof certificates>>["server"]) => [
  `--auth-${side}-tls-ca-file=${files.caFile}`,
  `--auth-${side}-tls-cert-file=${files.certFile}`,
  `--auth-${side}-tls-key-file=${files.keyFile}`,
];

test("over TCP the name in the certificate says who calls; both may share an address", deadline, async () => {
  await using folder = await temporaryFolder();
  const files = await certificates(folder.path);
  const address = "https://127.0.0.1:0";
  const shared = [
    `--auth-rpc-address=${address}`,
    `--auth-gateway-rpc-address=${address}`,
    ...tlsFlags("rpc", files.server),
    ...tlsFlags("gateway-rpc", files.server),
  ];
  const callers = [
    "--auth-rpc-caller",
    "orchestrator.acme.internal",
    "--auth-gateway-rpc-caller",
    "spiffe://acme/gateway",
  ];
  const state = join(folder.path, "s");
  {
    await using running = await Running.catalyst(authFlags(state, [...shared, ...callers]));
    const client = (tls: typeof files.server) => authClient({ address: running.url("auth-orchestrator"), tls });
    using orchestrator = await client(files.orchestrator);
    using gateway = await client(files.gateway);
    using stranger = await client(files.stranger);
    using foreign = await client(files.foreign);
    assert.deepEqual(await outcomes(orchestrator), all);
    assert.deepEqual(await outcomes(gateway), gateways);
    assert.deepEqual(await outcomes(stranger), denied, "vouched for, and nobody that is let in");
    assert.notEqual(await refusal(foreign.getStatus({})), "none", "its name is right, its authority is another");
  }
  const unnamed = await catalyst([...authFlags(state, shared), "-o", "json"]);
  assert.equal(unnamed.code, 3);
  assert.match(unnamed.stderr, /auth\.rpc\.caller/);
});

test("over TCP without certificates each caller has a secret of its own", deadline, async () => {
  await using folder = await temporaryFolder();
  const secrets = { rpc: join(folder.path, "rpc"), gateway: join(folder.path, "gateway") };
  await writeFile(secrets.rpc, "the-orchestrator's-secret", { mode: 0o600 });
  await writeFile(secrets.gateway, "the-gateway's-own-secret", { mode: 0o600 });
  await using running = await Running.catalyst(
    authFlags(join(folder.path, "s"), [
      "--auth-rpc-address=http://127.0.0.1:0",
      `--auth-rpc-secret-file=${secrets.rpc}`,
      "--auth-gateway-rpc-address=http://localhost:0",
      `--auth-gateway-rpc-secret-file=${secrets.gateway}`,
    ]),
  );
  const client = (door: string, secretFile: string) => authClient({ address: running.url(`auth-${door}`), secretFile });
  using orchestrator = await client("orchestrator", secrets.rpc);
  using gateway = await client("gateway", secrets.gateway);
  using intruder = await client("orchestrator", secrets.gateway);
  assert.equal(await refusal(orchestrator.listKeys({})), "none");
  assert.equal(await refusal(gateway.sign(internalToken)), "none");
  assert.equal(await refusal(gateway.listKeys({})), "permission_denied");
  assert.equal(await refusal(intruder.listKeys({})), "unauthenticated");
});
