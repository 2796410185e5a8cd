import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { connect } from "node:tls";
import { X509Certificate } from "node:crypto";
import { Agent, fetch } from "undici";
import { TestCertificates, validity } from "../../../tests/support/certificates.ts";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { catalyst, eventually } from "../../../tests/support/process.ts";
import { Clients } from "./testing/clients.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { books, desired } from "./testing/subgraphs.ts";

const deadline = { timeout: 90_000 };
const dune = '{"data":{"dune":"dune"}}';

type Secure = AsyncDisposable & {
  readonly gateway: Gateway;
  readonly certificates: TestCertificates;
  readonly https: string;
};

/** A gateway by HTTPS, with what clients trust. */
async function start(...flags: readonly string[]): Promise<Secure> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const certificates = await TestCertificates.in(folder.path);
  const gateway = stack.use(await Gateway.start([...tlsFlags(certificates), ...flags]));
  const { listeners } = await gateway.status();
  const https = listeners.find(({ url }) => url.startsWith("https:"))?.url ?? "";
  const owned = stack.move();
  return { gateway, certificates, https, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function tlsFlags({ certFile, keyFile }: TestCertificates): readonly string[] {
  return ["--tls-cert-file", certFile, "--tls-key-file", keyFile];
}

/** The fingerprint that a new connection is shown. */
async function shown({ https, certificates }: Secure): Promise<string | undefined> {
  const { hostname: host, port } = new URL(https);
  const socket = connect({ host, port: Number(port), ca: certificates.ca, servername: "localhost" });
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(10_000) });
    return socket.getPeerX509Certificate()?.fingerprint256;
  } finally {
    socket.destroy();
  }
}

async function ask({ https, certificates }: Secure, query: string, allowH2 = true): Promise<string> {
  const dispatcher = new Agent({ allowH2, connect: { ca: certificates.ca, servername: "localhost" } });
  const headers = { "content-type": "application/json", accept: "application/json" };
  const answer = await fetch(`${https}/graphql`, {
    method: "POST",
    headers,
    body: JSON.stringify({ query }),
    dispatcher,
  });
  const text = await answer.text();
  await dispatcher.close();
  return text.trim();
}

for (const flags of [[], ["--workers", "2"]]) {
  const name = flags.length === 0 ? "one process" : "two workers";

  test(
    `${name}: a new certificate is shown to all new connections, and no client under load is failed`,
    deadline,
    async () => {
      await using secure = await start(...flags);
      const { gateway, certificates } = secure;
      await using book = await books("dune");
      await gateway.configure({ identity: acme, ...desired([book]) });
      assert.equal(await ask(secure, "{ dune }"), dune);
      {
        await using clients = new Clients(`${secure.https}/graphql`, 8, "{ dune }", dune, Infinity, certificates.ca);
        for (let time = 0; time < 3; time += 1) {
          const next = certificates.issue();
          const answered = clients.answered;
          await certificates.write(next);
          const { fingerprint256 } = new X509Certificate(next.cert);
          await eventually(
            async () => await Promise.all(Array.from({ length: 4 }, () => shown(secure))),
            (all) => all.every((one) => one === fingerprint256),
            { within: 10_000 },
          );
          await eventually(
            async () => clients.answered,
            (count) => count > answered + 50,
          );
        }
        await clients.stop();
        assert.deepEqual([clients.wrong, clients.brokenConnections], [[], 0]);
      }
      assert.equal(await ask(secure, "{ dune }", false), dune);
      assert.equal(gateway.running.stderr.match(/a new certificate is served/g)?.length, 3);
    },
  );

  test(
    `${name}: a bad new pair leaves the old one, is told by log and status, and a good one mends it`,
    deadline,
    async () => {
      await using secure = await start(...flags);
      const { gateway, certificates } = secure;
      const before = await shown(secure);
      const next = certificates.issue();
      await writeFile(certificates.certFile, next.cert);
      await eventually(
        async () => gateway.running.stderr,
        (log) => log.includes("CAT-CERTIFICATES-013"),
      );
      assert.equal(await shown(secure), before);
      const { certificate } = await gateway.status();
      assert.ok(certificate);
      assert.equal(certificate.fingerprint, before);
      assert.deepEqual(
        certificate.problems.map(({ code, path }) => [code, path]),
        [["CAT-CERTIFICATES-013", certificates.keyFile]],
      );
      await writeFile(certificates.keyFile, next.key);
      await eventually(
        () => shown(secure),
        (one) => one === new X509Certificate(next.cert).fingerprint256,
      );
      assert.deepEqual((await gateway.status()).certificate?.problems, []);
    },
  );

  test(`${name}: a bad pair at the start ends all once, with its code, its place and its mend`, deadline, async () => {
    await using folder = await temporaryFolder();
    const certificates = await TestCertificates.in(folder.path);
    const run = (): ReturnType<typeof catalyst> =>
      catalyst(["gateway", "--state-dir", folder.path, "--listen", "127.0.0.1:0", ...tlsFlags(certificates), ...flags]);
    await chmod(certificates.keyFile, 0o644);
    const open = await run();
    assert.deepEqual([open.code, open.stdout], [1, ""]);
    assert.match(open.stderr, /^CAT-CERTIFICATES-011 \S+\/tls\.key: Others can read it\. chmod 600/m);
    await certificates.write({ cert: certificates.issue().cert, key: certificates.issue().key });
    await chmod(certificates.keyFile, 0o600);
    const foreign = await run();
    assert.deepEqual([foreign.code, foreign.stdout], [1, ""]);
    assert.match(
      foreign.stderr,
      /^CAT-CERTIFICATES-013 \S+\/tls\.key: It is not the key of the certificate in \S+\/tls\.crt\. /m,
    );
    assert.equal(foreign.stderr.match(/CAT-/g)?.length, 1);
    assert.doesNotMatch(foreign.stderr, /PRIVATE|BEGIN/);
  });

  test(`${name}: HTTPS beside HTTP, each at an address of its own`, deadline, async () => {
    await using secure = await start(...flags, "--tls-listen", "127.0.0.1:0");
    const { gateway } = secure;
    await using book = await books("dune");
    await gateway.configure({ identity: acme, ...desired([book]) });
    const { listeners, workers } = await gateway.status();
    assert.deepEqual(listeners.map((one) => [one.name, one.url.replace(/:\d+$/, "")]).slice(0, 2), [
      ["graphql", "http://127.0.0.1"],
      ["graphql-tls", "https://127.0.0.1"],
    ]);
    assert.deepEqual((await gateway.ask("{ dune }")).data, { dune: "dune" });
    assert.equal(await ask(secure, "{ dune }"), dune);
    const [first] = workers;
    if (first === undefined) return;
    // One that comes later listens at both addresses, too.
    process.kill(first.pid, "SIGKILL");
    await eventually(
      () => gateway.status(),
      (status) => status.workers.every(({ pid, state }) => pid !== first.pid && state === 2),
      { within: 30_000 },
    );
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(secure, "{ dune }")));
    assert.deepEqual(new Set(answers), new Set([dune]));
    assert.deepEqual((await gateway.ask("{ dune }")).data, { dune: "dune" });
  });
}

test("an expired certificate is served, with a warning", deadline, async () => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  await certificates.write(certificates.issue("localhost", validity(-3, -2)));
  await using gateway = await Gateway.start(tlsFlags(certificates));
  await eventually(
    async () => gateway.running.stderr,
    (log) => /CAT-CERTIFICATES-014 \S+: It has expired at /.test(log),
  );
});

test("one file alone, or an address without files, is a wrong use of flags", deadline, async () => {
  for (const flags of [
    ["--tls-cert-file", "a"],
    ["--tls-key-file", "a"],
    ["--tls-listen", "127.0.0.1:0"],
  ]) {
    const { code, stderr } = await catalyst(["gateway", ...flags]);
    assert.equal(code, 2);
    assert.match(stderr, /--tls-cert-file and --tls-key-file belong together/);
  }
});
