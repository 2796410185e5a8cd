import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, nodeFlags } from "../support/node.ts";
import { Running, catalyst } from "../support/process.ts";

test("a node started only by flags and one only by a file have one configuration and give the same answers", async () => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using inventory = await example("inventory");
  const stateDir = join(folder.path, "state");
  const flags = nodeFlags({
    stateDir,
    services: { products: products.graphql, inventory: inventory.graphql },
    flags: ["--set", "services[products].export=true", "--set", "services[inventory].schema.timeout=2s"],
  });
  const file = join(folder.path, "catalyst.json");
  await writeFile(
    file,
    JSON.stringify({
      organization: "acme",
      node: "west",
      stateDir,
      api: { listen: "127.0.0.1:0" },
      gateway: { listen: "127.0.0.1:0" },
      services: [
        { name: "products", url: products.graphql, export: true },
        { name: "inventory", url: inventory.graphql, schema: { timeout: "2s" } },
      ],
    }),
  );

  const byFlags = await catalyst(["config", "print", ...flags]);
  const byFile = await catalyst(["config", "print", "-c", file]);
  assert.equal(byFlags.code, 0, byFlags.stderr);
  assert.match(byFlags.stdout, /products/);
  assert.equal(byFile.stdout, byFlags.stdout);

  const query = `{ products { id name price } stock(productId: "1") { quantity inStock } }`;
  const answers = [];
  for (const args of [flags, ["-c", file]]) {
    await using node = await Running.catalyst(["run", ...args]);
    answers.push(await ask(node.graphql, query));
  }
  assert.equal(answers[0]?.errors, undefined);
  assert.deepEqual(answers[1], answers[0]);
});

test("every key of identity is the same by flags, by a file and by variables", async () => {
  await using folder = await temporaryFolder();
  const tls = (who: string) => ({ caFile: "ca.pem", certFile: `${who}.pem`, keyFile: `${who}.key` });
  const auth = {
    mode: "remote",
    issuer: "https://auth.acme.example",
    listen: "127.0.0.1:4301",
    keyFile: "key.pem",
    passphraseFile: "passphrase",
    rotateEvery: "48h",
    publishAhead: "30m",
    maxTokenLifetime: "2h",
    rpc: { address: "https://auth.acme.example:4340", caller: "orchestrator", tls: tls("orchestrator") },
    gatewayRpc: { address: "http://127.0.0.1:4341", secretFile: "gateway-secret" },
  };
  const issuers = [
    { name: "partner", issuer: "urn:catalyst:partner", jwksFile: "partner.json" },
    { name: "other", issuer: "urn:catalyst:other", publicKeyFile: "other.pem" },
  ];
  const services = [{ name: "a", url: "http://127.0.0.1:4001/graphql", subjectToken: true }];
  const gateway = { auth: { mode: "required", issuers } };
  const file = join(folder.path, "catalyst.json");
  await writeFile(file, JSON.stringify({ organization: "acme", node: "west", auth, gateway, services }));

  const flags = flagsOf("--auth", auth);
  const byFile = await catalyst(["config", "print", "-c", file]);
  const byFlags = await catalyst([
    "config",
    "print",
    "--organization=acme",
    "--node=west",
    ...flags,
    "--gateway-auth-mode=required",
    ...issuers.flatMap((issuer) => ["--gateway-auth-issuer", pairsOf(issuer)]),
    "--service",
    "name=a,url=http://127.0.0.1:4001/graphql,subjectToken=true",
  ]);
  const variables = flags.map((flag) => flag.split("=", 2));
  const byVariables = await catalyst(["config", "print"], {
    env: {
      CATALYST_ORGANIZATION: "acme",
      CATALYST_NODE: "west",
      CATALYST_GATEWAY_AUTH_MODE: "required",
      CATALYST_GATEWAY_AUTH_ISSUERS: JSON.stringify(issuers),
      CATALYST_SERVICES: JSON.stringify(services),
      ...Object.fromEntries(
        variables.map(([flag = "", value = ""]) => [
          `CATALYST_${flag.slice(2).replaceAll("-", "_").toUpperCase()}`,
          value,
        ]),
      ),
    },
  });
  assert.equal(byFile.code, 0, byFile.stderr);
  assert.equal(byFlags.code, 0, byFlags.stderr);
  assert.match(byFile.stdout, /gateway-secret[^]*partner\.json/);
  assert.equal(byFlags.stdout, byFile.stdout);
  assert.equal(byVariables.stdout, byFile.stdout, byVariables.stderr);
});

/** `{rpc: {address}}` under `--auth` is `--auth-rpc-address=...`. */
function flagsOf(prefix: string, value: object): readonly string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const flag = `${prefix}-${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return typeof inner === "object" && inner !== null ? flagsOf(flag, inner) : [`${flag}=${String(inner)}`];
  });
}

function pairsOf(value: object): string {
  return Object.entries(value)
    .map((pair) => pair.join("="))
    .join(",");
}
