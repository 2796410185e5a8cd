import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { connect, createServer, type PeerCertificate, type TLSSocket } from "node:tls";
import { once } from "node:events";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { issueAuthority, issueCertificate, type Issued, keepLocalCertificate, localNames } from "./index.ts";

const day = 24 * 60 * 60 * 1000;
const now = Date.now();
const validity = { notBefore: new Date(now - day), notAfter: new Date(now + 300 * day) };

async function kept(
  folder: string,
  at = now,
): Promise<{ readonly ca: X509Certificate; readonly own: X509Certificate }> {
  const files = await keepLocalCertificate(folder, at);
  assert.ok(files.ok);
  const [ca, own] = await Promise.all([files.value.caFile, files.value.certFile].map((file) => readFile(file)));
  assert.ok(ca && own);
  return { ca: new X509Certificate(ca), own: new X509Certificate(own) };
}

/** What a client that trusts the authority finds; its error when it refuses. */
async function shown(authority: Issued, served: Issued, servername: string): Promise<PeerCertificate | string> {
  const server = createServer(served, (socket) => socket.on("error", () => undefined).end()).listen(0, "127.0.0.1");
  server.on("tlsClientError", () => undefined);
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  const socket: TLSSocket = connect({ port: address.port, host: "127.0.0.1", servername, ca: authority.cert });
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(5000) });
    return socket.getPeerCertificate();
  } catch (error) {
    return String(error);
  } finally {
    socket.destroy();
    server.close();
  }
}

test("a client that trusts the authority accepts its certificate for localhost", async () => {
  const authority = issueAuthority("here", validity);
  const found = await shown(authority, issueCertificate(authority, "own", localNames, validity), "localhost");
  assert.ok(typeof found === "object");
  assert.equal(found.subjectaltname, "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
});

test("an authority that is trusted can speak for nobody else's name", async () => {
  const authority = issueAuthority("here", validity);
  const names = { dns: ["bank.example"], addresses: [] };
  const found = await shown(authority, issueCertificate(authority, "bank", names, validity), "bank.example");
  assert.ok(typeof found === "string");
  assert.match(found, /permitted subtree violation/);
});

test("authority and certificate are made once, in files that nobody else can read", async () => {
  await using folder = await temporaryFolder();
  const tls = join(folder.path, "tls");
  const first = await kept(tls);
  assert.equal((await stat(tls)).mode & 0o777, 0o700);
  const names = await readdir(tls);
  assert.deepEqual(names.toSorted(), ["ca-key.pem", "ca.pem", "localhost-key.pem", "localhost.pem"]);
  for (const name of names) assert.equal((await stat(join(tls, name))).mode & 0o777, 0o600, name);
  const second = await kept(tls, now + 300 * day);
  assert.deepEqual(
    [second.ca.fingerprint256, second.own.fingerprint256],
    [first.ca.fingerprint256, first.own.fingerprint256],
  );
  for (const name of ["localhost", "LOCALHOST"]) assert.ok(first.own.checkHost(name));
  for (const address of ["127.0.0.1", "::1"]) assert.ok(first.own.checkIP(address));
  assert.equal(Math.round((first.own.validToDate.getTime() - first.own.validFromDate.getTime()) / day), 397);
  assert.ok(first.own.verify(first.ca.publicKey) && first.own.checkIssued(first.ca));
});

test("a certificate near its end is made anew by the same authority, which is made anew near its own", async () => {
  await using folder = await temporaryFolder();
  const first = await kept(folder.path);
  const year = await kept(folder.path, now + 370 * day);
  assert.equal(year.ca.fingerprint256, first.ca.fingerprint256);
  assert.notEqual(year.own.fingerprint256, first.own.fingerprint256);
  const decade = await kept(folder.path, now + 3640 * day);
  assert.notEqual(decade.ca.fingerprint256, first.ca.fingerprint256);
  assert.ok(decade.own.verify(decade.ca.publicKey));
});

test("what is damaged is made anew; what cannot be written is a problem", async () => {
  await using folder = await temporaryFolder();
  const first = await kept(folder.path);
  await writeFile(join(folder.path, "localhost-key.pem"), "nothing");
  const second = await kept(folder.path);
  assert.equal(second.ca.fingerprint256, first.ca.fingerprint256);
  assert.notEqual(second.own.fingerprint256, first.own.fingerprint256);
  await writeFile(join(folder.path, "a"), "");
  const refused = await keepLocalCertificate(join(folder.path, "a", "tls"), now);
  assert.ok(!refused.ok);
  assert.equal(refused.problems[0]?.code, "CAT-CERTIFICATES-001");
});
