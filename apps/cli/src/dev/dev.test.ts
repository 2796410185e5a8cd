import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { type Server, createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { decodeJwt } from "jose";
import { ask } from "../../../../tests/support/graphql.ts";
import { temporaryFolder } from "../../../../tests/support/folder.ts";
import { ownHost } from "../../../../tests/support/own-host.ts";
import { Running, type Ready, catalyst, eventually, isAlive } from "../../../../tests/support/process.ts";

const listeners = ["products", "reviews", "inventory", "api", "gateway", "gateway-tls", "auth"] as const;

/** Every port by the system's choice, save those that are given. */
function devFlags(
  stateDir: string,
  ports: Partial<Record<(typeof listeners)[number], string>> = {},
  names: readonly (typeof listeners)[number][] = listeners,
): readonly string[] {
  const listen = names.flatMap((name) => [`--${name}-listen`, ports[name] ?? "127.0.0.1:0"]);
  return ["dev", "--state-dir", stateDir, ...listen];
}

function dev(stateDir: string, ...flags: readonly string[]): Promise<Running> {
  return Running.catalyst([...devFlags(stateDir), ...flags]);
}

function processesOf(node: Running): readonly Ready[] {
  const { items }: { readonly items?: readonly Ready[] } = node.document;
  return items ?? [];
}

function pidOf(node: Running, process: string): number {
  const found = processesOf(node).find((ready) => ready.process === process);
  assert.ok(found, `no process ${process}`);
  return found.pid;
}

test(
  "dev answers a query over three services, and ends them all when it is stopped",
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder();
    await using node = await dev(folder.path);
    assert.deepEqual(node.document["answer"], {
      data: {
        product: {
          name: "Enamel Mug",
          price: 1450,
          averageRating: 4.5,
          reviews: [
            { rating: 5, body: "Survived a fall off a cliff. The tea did not." },
            { rating: 4, body: "Keeps its heat, and my lips know it." },
          ],
        },
        stock: { quantity: 42, inStock: true },
      },
    });
    // The services outlive the ready line: each is asked for its schema once more.
    await eventually(
      () => catalyst(["services", "--refresh", "--state-dir", folder.path, "--api", node.url("api"), "-o", "json"]),
      ({ stdout }) => stdout.match(/"state":"serving"/g)?.length === 3,
    );
    const processes = processesOf(node);
    assert.deepEqual(
      processes.map(({ process }) => process),
      ["orchestrator", "gateway", "auth", "products", "reviews", "inventory"],
    );
    assert.equal(await node.stop("SIGINT"), 0);
    await eventually(
      async () => processes.filter(({ pid }) => isAlive(pid)),
      (alive) => alive.length === 0,
    );
  },
);

test(
  "dev killed outright leaves no example behind, and the next dev adopts its gateway, with other services",
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder();
    await using first = await dev(folder.path);
    const examples = ["products", "reviews", "inventory"].map((name) => pidOf(first, name));
    const [gateway, auth] = [pidOf(first, "gateway"), pidOf(first, "auth")];
    await using leftover = new AsyncDisposableStack();
    for (const pid of [gateway, auth]) leftover.defer(() => void (isAlive(pid) && process.kill(pid, "SIGKILL")));
    await first.kill();
    await eventually(
      async () => examples.filter(isAlive),
      (alive) => alive.length === 0,
    );
    assert.ok(isAlive(gateway));
    // An example that is unset is the user's business: not started, not asked.
    await using second = await dev(folder.path, "--unset", "services[reviews]");
    assert.deepEqual([pidOf(second, "gateway"), pidOf(second, "auth")], [gateway, auth]);
    assert.equal(
      processesOf(second).some(({ process }) => process === "reviews"),
      false,
    );
    assert.doesNotMatch(JSON.stringify(second.document["answer"]), /reviews/);
  },
);

/** Asks by HTTPS, trusting nobody but the authority of these files; the answer, and the certificate that was shown. */
async function askSecurely(node: Running): Promise<{ readonly answer: unknown; readonly fingerprint: string }> {
  const { https, query } = node.document as { https: { url: string; caFile: string }; query: string };
  const [ca, body] = [await readFile(https.caFile, "utf8"), JSON.stringify({ query })];
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const call = request(https.url, { method: "POST", ca, headers, agent: false, signal: AbortSignal.timeout(20_000) });
  call.end(body);
  const [response] = await once(call, "response");
  const { fingerprint256: fingerprint } = response.socket.getPeerX509Certificate();
  return { answer: JSON.parse(await text(response)), fingerprint };
}

test(
  "dev serves HTTPS beside HTTP, by a certificate that it makes once for the state folder",
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder();
    let first: string;
    {
      await using node = await dev(folder.path);
      const { answer, fingerprint } = await askSecurely(node);
      assert.deepEqual(answer, node.document["answer"]);
      assert.match(node.url("graphql"), /^http:/);
      assert.match(node.url("graphql-tls"), /^https:/);
      first = fingerprint;
    }
    await using again = await dev(folder.path);
    assert.equal((await askSecurely(again)).fingerprint, first);
  },
);

/** What the line that dev prints, pasted into a shell, prints itself. */
function paste(line: string): string {
  return execFileSync("sh", ["-c", line], { encoding: "utf8", timeout: 20_000 });
}

test(
  "dev prints one line with a token, which works; without one it answers too, and by a bad one not",
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder();
    await using node = await dev(folder.path);
    const { curl, query, ...told } = node.document as { readonly curl: string; readonly query: string };
    const [, token = ""] = /-H 'authorization: Bearer (eyJ[\w-]+\.[\w-]+\.[\w-]{128})'/.exec(curl) ?? [];
    assert.notEqual(token, "");
    assert.deepEqual(JSON.parse(paste(curl)), node.document["answer"]);
    const { exp, iat, aud } = decodeJwt(token);
    assert.deepEqual([Number(exp) - Number(iat), aud], [3_600, "dev/local"]);
    const status = async (...by: readonly string[]) => (await ask(node.graphql, query, {}, ...by)).status;
    const forged = `${token.slice(0, -128)}${"A".repeat(128)}`;
    assert.deepEqual([await status(), await status(token), await status(forged)], [200, 200, 401]);
    assert.doesNotMatch(JSON.stringify(told) + node.stderr, /eyJ/);
  },
);

test("dev without auth prints a line without a token", { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder();
  await using node = await dev(folder.path, "--auth-mode", "off", "--gateway-auth-mode", "off");
  assert.doesNotMatch(JSON.stringify(node.document), /authorization|"auth"/);
});

test("dev without gateway.tls serves HTTP alone, and makes nothing", { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder();
  const flags = devFlags(folder.path, {}, ["products", "reviews", "inventory", "api", "gateway", "auth"]);
  await using node = await Running.catalyst([...flags, "--unset", "gateway.tls"]);
  assert.throws(() => node.url("graphql-tls"));
  assert.equal(node.document["https"], undefined);
  assert.equal(existsSync(join(folder.path, "tls")), false);
});

test("a configuration problem ends dev with exit 3 and starts nothing", { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder();
  const refused = await catalyst(devFlags(folder.path, { gateway: "nowhere" }));
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /CAT-CONFIG-\d{3} --gateway-listen/);
  assert.deepEqual(processesWith(folder.path), []);
});

for (const name of ["gateway", "products"] as const) {
  test(`the port of ${name} in use ends dev with exit 1 and leaves nothing behind`, { timeout: 120_000 }, async () => {
    await using folder = await temporaryFolder();
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const [port, own] = [portOf(taken), `${ownHost}:0`];
    const listen = { reviews: own, [name]: `127.0.0.1:${port}` };
    const { code, stdout, stderr } = await catalyst([...devFlags(folder.path, listen), "-o", "json"]);
    taken.close();
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, new RegExp(`CAT-[A-Z]+-\\d{3}.*${port}`, "s"));
    assert.deepEqual(processesWith(folder.path), []);
    assert.deepEqual(processesWith(own), []);
  });
}

/** The command lines, of all processes of this machine, that hold this text. */
function processesWith(text: string): readonly string[] {
  const all = execFileSync("ps", ["-eo", "args"], { encoding: "utf8", timeout: 10_000 });
  return all.split("\n").filter((line) => line.includes(text));
}

function portOf(server: Server): number {
  const address = server.address();
  assert.ok(typeof address === "object" && address);
  return address.port;
}
