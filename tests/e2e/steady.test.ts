import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "node:tls";
import { adminOf } from "../support/admin.ts";
import { TestCertificates } from "../support/certificates.ts";
import { changingService } from "../support/changing-service.ts";
import { temporaryFolder } from "../support/folder.ts";
import { ask } from "../support/graphql.ts";
import { example, gatewayOf, runNode } from "../support/node.ts";
import { eventually, isAlive } from "../support/process.ts";
import { type Question, SteadyClient } from "../support/steady-client.ts";

/** A quarter of a minute each where nothing else runs. */
const deadline = { timeout: 240_000 };
const rate = 200;
const reloads = 100;

const bodyOf = (query: string): string => JSON.stringify({ query });
const federated = bodyOf("{ products(first: 2) { name price averageRating } }");
const mutation = bodyOf(
  `mutation { addReview(productId: "9", rating: 3, body: "Steady.") { rating product { name } } }`,
);
const expected = {
  query: `{"data":{"products":[{"name":"Enamel Mug","price":1450,"averageRating":4.5},{"name":"Field Notebook","price":990,"averageRating":5}]}}`,
  mutation: `{"data":{"addReview":{"rating":3,"product":{"name":"Rain Cape"}}}}`,
};

/**
 * A machine that is busy with other tests is not what these are about: nobody is turned away or given up because of it,
 * and a process may take longer to start than a service that restarts is waited for by default.
 */
const calm = [
  "--log-level=warn",
  "--gateway-limits-max-loop-delay=off",
  "--gateway-upstream-connect-timeout=8s",
  "--gateway-upstream-try-timeout=9s",
];

/** Every tenth is a mutation; each over two services. */
function next(number: number): Question {
  const kind = number % 10 === 0 ? "mutation" : "query";
  return {
    kind,
    body: kind === "query" ? federated : mutation,
    isAnswer: (status, text) => status === 200 && text.trim() === expected[kind],
  };
}

/** Fails with each failed request in words. */
function assertNoneFailed({ answered, failed, refused, failures }: SteadyClient): void {
  assert.equal(failed, 0, `${failed} of ${answered + failed} failed:\n${failures.join("\n")}`);
  assert.equal(refused, 0, `${refused} were refused a connection`);
}

test(`a client at ${rate} requests a second sees none fail through ${reloads} reloads`, deadline, async (t) => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using reviews = await example("reviews");
  await using changing = await changingService();
  const services = { products: products.graphql, reviews: reviews.graphql, changing: changing.url };
  await using node = await runNode({ stateDir: folder.path, services, flags: calm });
  using admin = await adminOf(folder.path);
  await using client = new SteadyClient(node.graphql, { rate, next });
  const began = performance.now();
  for (let reload = 1; reload <= reloads; reload += 1) {
    const version = changing.change();
    await admin.refresh();
    await eventually(
      () => ask(node.graphql, `{ version_${version} }`),
      ({ data, errors }) => errors === undefined && Object(data)[`version_${version}`] === version,
      { every: 10 },
    );
  }
  await client.stop();
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  t.diagnostic(`${reloads} reloads in ${seconds} s, ${client.answered} answered, ${client.failed} failed`);
  assert.ok(client.answered >= rate * 2, "it was long enough to tell");
  assertNoneFailed(client);
});

test("a client sees none fail while each of two workers is asked to end, and is replaced", deadline, async (t) => {
  await using folder = await temporaryFolder();
  await using products = await example("products");
  await using reviews = await example("reviews");
  const services = { products: products.graphql, reviews: reviews.graphql };
  const flags = [...calm, "--gateway-workers", "2"];
  await using node = await runNode({ stateDir: folder.path, services, flags });
  const workers = async (): Promise<readonly WorkerItem[]> =>
    ((await gatewayOf(node)) as { readonly status: { readonly workers: readonly WorkerItem[] } }).status.workers;
  const before = await workers();
  await using client = new SteadyClient(node.graphql, { rate, next });
  for (const { number, pid } of before) {
    process.kill(pid, "SIGTERM");
    await eventually(
      async () => isAlive(pid),
      (alive) => !alive,
    );
    const { state, restarts } = (await workers())[number - 1] ?? assert.fail("no such worker");
    assert.deepEqual([state, restarts], ["serving", 1]);
  }
  await client.stop();
  t.diagnostic(`${client.answered} answered, ${client.failed} failed, the slowest in ${Math.round(client.slowest)} ms`);
  assertNoneFailed(client);
});

test("a client by HTTPS sees none fail while the certificate changes five times", deadline, async (t) => {
  await using folder = await temporaryFolder();
  const certificates = await TestCertificates.in(folder.path);
  const { certFile, keyFile, ca } = certificates;
  await using products = await example("products");
  await using reviews = await example("reviews");
  const services = { products: products.graphql, reviews: reviews.graphql };
  const flags = [...calm, "--gateway-tls-cert-file", certFile, "--gateway-tls-key-file", keyFile];
  await using node = await runNode({ stateDir: join(folder.path, "state"), services, flags });
  await using client = new SteadyClient(node.graphql, { rate, ca, next });
  const { port } = new URL(node.graphql);
  for (let change = 1; change <= 5; change += 1) {
    const issued = certificates.issue();
    await certificates.write(issued);
    const { raw } = new X509Certificate(issued.cert);
    await eventually(
      () => shownCertificate(Number(port), ca),
      (shown) => shown.equals(raw),
    );
  }
  await client.stop();
  t.diagnostic(`${client.answered} answered, ${client.failed} failed, the slowest in ${Math.round(client.slowest)} ms`);
  assert.ok(client.answered > rate);
  assertNoneFailed(client);
});

/** What a client is shown that connects now, and verifies it. */
async function shownCertificate(port: number, ca: string): Promise<Buffer> {
  const socket = connect({ port, host: "127.0.0.1", ca });
  await once(socket, "secureConnect");
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return raw;
}

test("a client sees none fail while each service is asked to end, and started again", deadline, async (t) => {
  await using folder = await temporaryFolder();
  await using stack = new AsyncDisposableStack();
  const running = { products: await example("products"), reviews: await example("reviews") };
  stack.defer(async () => void (await Promise.all(Object.values(running).map((service) => service.stop()))));
  const services = { products: running.products.graphql, reviews: running.reviews.graphql };
  await using node = await runNode({ stateDir: folder.path, services, flags: calm });
  await using client = new SteadyClient(node.graphql, { rate, next });
  for (const name of ["products", "reviews"] as const) {
    const { answered } = client;
    const began = performance.now();
    assert.equal(await running[name].stop(), 0);
    running[name] = await example(name, new URL(services[name]).host);
    t.diagnostic(`${name} was away for ${Math.round(performance.now() - began)} ms`);
    await eventually(
      async () => client.answered,
      (now) => now >= answered + rate,
    );
  }
  await client.stop();
  t.diagnostic(`${client.answered} answered, ${client.failed} failed, the slowest in ${Math.round(client.slowest)} ms`);
  assertNoneFailed(client);
});

for (const whom of ["the orchestrator", "the gateway"] as const) {
  test(`when ${whom} is asked to end, what a client had sent is answered`, deadline, async (t) => {
    await using folder = await temporaryFolder();
    await using products = await example("products");
    await using reviews = await example("reviews");
    const services = { products: products.graphql, reviews: reviews.graphql };
    await using node = await runNode({ stateDir: folder.path, services, flags: calm });
    const { status } = (await gatewayOf(node)) as { readonly status: { readonly pid: number } };
    await using client = new SteadyClient(node.graphql, { rate, next });
    await eventually(
      async () => client.answered,
      (answered) => answered >= rate,
    );
    const { sent } = client;
    process.kill(whom === "the gateway" ? status.pid : node.pid, "SIGTERM");
    await eventually(
      async () => isAlive(status.pid),
      (alive) => !alive,
    );
    await client.stop();
    // Later ones find nobody who listens, or, by chance, a connection that is just being closed (RFC 9112, 9.3.1).
    const before = client.failedBefore(sent);
    t.diagnostic(
      `of ${sent} sent before ${before} failed; after it ${client.failed - before}, ${client.refused} refused`,
    );
    assert.equal(before, 0, client.failures.join("\n"));
  });
}

type WorkerItem = { readonly number: number; readonly pid: number; readonly state: string; readonly restarts: number };
