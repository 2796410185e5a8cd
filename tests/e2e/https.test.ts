import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Agent, fetch } from "undici";
import { TestCertificates } from "../support/certificates.ts";
import { temporaryFolder } from "../support/folder.ts";
import { example, runNode } from "../support/node.ts";
import { catalyst } from "../support/process.ts";

const deadline = { timeout: 120_000 };

function tlsFlags({ certFile, keyFile }: TestCertificates): readonly string[] {
  return ["--gateway-tls-cert-file", certFile, "--gateway-tls-key-file", keyFile];
}

test("a node serves HTTPS by configuration, and its status tells the certificate", deadline, async () => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  await using products = await example("products");
  const stateDir = join(folder.path, "state");
  const flags = [...tlsFlags(certificates), "--gateway-tls-listen", "127.0.0.1:0"];
  await using node = await runNode({ stateDir, services: { products: products.graphql }, flags });
  const https = node.url("graphql-tls");
  assert.match(https, /^https:/);
  assert.match(node.url("graphql"), /^http:/);

  const dispatcher = new Agent({ allowH2: true, connect: { ca: certificates.ca } });
  const answer = await fetch(`${https}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ product(id: 1) { name } }" }),
    dispatcher,
  });
  assert.deepEqual(await answer.json(), { data: { product: { name: "Enamel Mug" } } });
  await dispatcher.close();

  const status = await catalyst(["status", "gateway", "--api", node.url("api")]);
  assert.ok(status.stdout.includes(`graphql-tls ${https}`), status.stdout);
  assert.match(status.stdout, /^Certificate: +\S+\/tls\.crt, valid until \d{4}-/m);
  const check = await catalyst(["check", "--api", node.url("api")]);
  assert.equal(check.code, 0, check.stdout);
  assert.match(check.stdout, /the certificate \S+\/tls\.crt is valid until /);
  const whole = await catalyst(["status", "--api", node.url("api")]);
  assert.ok(whole.stdout.includes(`graphql-tls ${https}`), whole.stdout);
});

test("a certificate that cannot be used ends the whole node, with its code and its place", deadline, async () => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  await chmod(certificates.keyFile, 0o644);
  await using products = await example("products");
  const starting = runNode({
    stateDir: join(folder.path, "state"),
    services: { products: products.graphql },
    flags: tlsFlags(certificates),
  });
  await assert.rejects(starting, ({ message }: Error) => {
    assert.match(message, /^ended with 1 /);
    assert.match(message, /^CAT-CERTIFICATES-011 \S+\/tls\.key: Others can read it\. chmod 600/m);
    return true;
  });
});
