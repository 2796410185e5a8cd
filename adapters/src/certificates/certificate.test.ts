import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { chmod, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Problem } from "@catalyst-node/core/model";
import { TestCertificates, validity } from "../../../tests/support/certificates.ts";
import { temporaryFolder } from "../../../tests/support/folder.ts";
import { eventually } from "../../../tests/support/process.ts";
import { type Certificate, type CertificateFiles, outOfDate, readCertificate } from "./certificate.ts";
import { CertificateWatch } from "./certificate-watch.ts";

const deadline = { timeout: 30_000 };
/** In milliseconds: a second is promised, and the machine that tests may be busy. */
const patience = 2000;

async function problemsOf(files: CertificateFiles): Promise<readonly Problem[]> {
  const read = await readCertificate(files);
  return read.ok ? [] : read.problems;
}

function codes(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code, path }) => `${code} ${path}`);
}

function fingerprint(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}

test("a certificate and its key are read with what is to be told of them", deadline, async () => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  const issued = certificates.issue("localhost", validity(-3, -2));
  await certificates.write(issued);
  const read = await readCertificate(certificates.files);
  assert.ok(read.ok);
  assert.equal(read.value.fingerprint, fingerprint(issued.cert));
  const [expired, early, fine] = [-1, -4, -2.5].map((days) =>
    outOfDate(read.value, certificates.certFile, Date.now() + days * 24 * 60 * 60 * 1000),
  );
  assert.match(expired?.message ?? "", /^It has expired at /);
  assert.match(early?.message ?? "", /^It is not valid before /);
  assert.equal(fine, undefined);
});

test("each fault of the two files has its code and its place, and shows nothing of a key", deadline, async () => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  const { certFile, keyFile } = certificates;
  const [mine, others] = [certificates.issue(), certificates.issue()];

  await certificates.write({ cert: mine.cert, key: others.key });
  assert.deepEqual(codes(await problemsOf(certificates.files)), [`CAT-CERTIFICATES-013 ${keyFile}`]);
  await certificates.write({ cert: mine.key, key: "secret words" });
  const noPem = await problemsOf(certificates.files);
  assert.deepEqual(codes(noPem), [`CAT-CERTIFICATES-012 ${certFile}`, `CAT-CERTIFICATES-012 ${keyFile}`]);
  assert.doesNotMatch(JSON.stringify(noPem), /secret|BEGIN/);
  await certificates.write({
    cert: `${mine.cert}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
    key: mine.key,
  });
  assert.deepEqual(codes(await problemsOf(certificates.files)), [`CAT-CERTIFICATES-012 ${certFile}`]);

  await certificates.write(mine);
  await chmod(keyFile, 0o640);
  assert.deepEqual(codes(await problemsOf(certificates.files)), [`CAT-CERTIFICATES-011 ${keyFile}`]);
  await chmod(keyFile, 0o600);
  assert.deepEqual(await problemsOf(certificates.files), []);

  await rm(certFile);
  assert.deepEqual(codes(await problemsOf(certificates.files)), [`CAT-CERTIFICATES-010 ${certFile}`]);
  await mkdir(certFile);
  assert.deepEqual(codes(await problemsOf(certificates.files)), [`CAT-CERTIFICATES-010 ${certFile}`]);
  const pipe = join(folder.path, "pipe");
  execFileSync("mkfifo", [pipe]);
  assert.deepEqual(codes(await problemsOf({ certFile, keyFile: pipe })), [
    `CAT-CERTIFICATES-010 ${certFile}`,
    `CAT-CERTIFICATES-010 ${pipe}`,
  ]);
  await rm(certFile, { recursive: true });
  await writeFile(certFile, Buffer.alloc(1024 * 1024 + 1, " "));
  assert.deepEqual(codes(await problemsOf(certificates.files)), [`CAT-CERTIFICATES-010 ${certFile}`]);
});

type Watched = Disposable & {
  readonly changes: Certificate[];
  readonly problems: (readonly Problem[])[];
  readonly watch: CertificateWatch;
};

async function watch(files: CertificateFiles): Promise<Watched> {
  const changes: Certificate[] = [];
  const problems: (readonly Problem[])[] = [];
  const opened = await CertificateWatch.open(files, {
    onChange: (certificate) => void changes.push(certificate),
    onProblems: (told) => void problems.push(told),
  });
  assert.ok(opened.ok);
  const { value } = opened;
  return { changes, problems, watch: value, [Symbol.dispose]: () => value[Symbol.dispose]() };
}

/** Waits for the next change, and answers what it took, in milliseconds. */
async function changed({ changes }: Watched, count: number): Promise<number> {
  const began = performance.now();
  await eventually(
    async () => changes.length,
    (length) => length === count,
    { within: 5000, every: 10 },
  );
  return performance.now() - began;
}

test("a pair that is written, renamed, or swapped by a link is taken within a second", deadline, async () => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  {
    using watched = await watch(certificates.files);
    const [written, renamed] = [certificates.issue(), certificates.issue()];
    await certificates.write(written);
    assert.ok((await changed(watched, 1)) < patience);
    await writeFile(`${certificates.keyFile}.new`, renamed.key, { mode: 0o600 });
    await writeFile(`${certificates.certFile}.new`, renamed.cert);
    await rename(`${certificates.keyFile}.new`, certificates.keyFile);
    await rename(`${certificates.certFile}.new`, certificates.certFile);
    assert.ok((await changed(watched, 2)) < patience);
    assert.deepEqual(
      watched.changes.map(({ fingerprint: shown }) => shown),
      [fingerprint(written.cert), fingerprint(renamed.cert)],
    );
    assert.deepEqual([watched.problems, watched.watch.current], [[], watched.changes[1]]);
  }

  // As Kubernetes does it: files -> ..data/files, ..data -> a folder for each version.
  const mount = join(folder.path, "mount");
  const versions = ["one", "two"].map((name) => join(mount, name));
  for (const version of versions) {
    await mkdir(version, { recursive: true });
    await TestCertificates.in(version);
  }
  const [certFile, keyFile] = [join(mount, "tls.crt"), join(mount, "tls.key")];
  await symlink("one", join(mount, "..data"));
  await symlink("..data/tls.crt", certFile);
  await symlink("..data/tls.key", keyFile);
  using watched = await watch({ certFile, keyFile });
  await symlink("two", join(mount, "..new"));
  await rename(join(mount, "..new"), join(mount, "..data"));
  assert.ok((await changed(watched, 1)) < patience);
  assert.deepEqual(watched.problems, []);
});

test("a bad pair keeps the old one, is told once, and is mended by a good one", deadline, async () => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  using watched = await watch(certificates.files);
  const { current } = watched.watch;
  const next = certificates.issue();
  await writeFile(certificates.certFile, next.cert);
  await eventually(
    async () => watched.problems.length,
    (length) => length > 0,
    { within: 10_000 },
  );
  await new Promise((settle) => setTimeout(settle, 1_200));
  assert.deepEqual(watched.problems.map(codes), [[`CAT-CERTIFICATES-013 ${certificates.keyFile}`]]);
  assert.deepEqual([watched.changes, watched.watch.current], [[], current]);
  assert.equal(watched.watch.problemsAt(Date.now())[0]?.code, "CAT-CERTIFICATES-013");
  await writeFile(certificates.keyFile, next.key);
  await changed(watched, 1);
  assert.equal(watched.watch.current.fingerprint, fingerprint(next.cert));
  assert.deepEqual(watched.watch.problemsAt(Date.now()), []);
});

test("a pair of which one file is still to come is waited for at the start, for a second", deadline, async () => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  const next = certificates.issue();
  await writeFile(certificates.keyFile, next.key);
  const opening = watch(certificates.files);
  setTimeout(() => void writeFile(certificates.certFile, next.cert), 300);
  using watched = await opening;
  assert.equal(watched.watch.current.fingerprint, fingerprint(next.cert));
});
