import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const services = ["products", "reviews", "inventory"] as const;

function start(name: (typeof services)[number], ...args: readonly string[]) {
  const main = fileURLToPath(new URL(`../../${name}/src/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: "pipe" });
  // A test that fails must not leave its process behind.
  return Object.assign(child, { [Symbol.asyncDispose]: async () => void child.kill("SIGKILL") });
}

type Ready = {
  readonly items: readonly { readonly pid: number; readonly listeners: readonly { readonly url: string }[] }[];
};

async function readyUrl(child: ReturnType<typeof start>): Promise<string> {
  const [line] = await once(createInterface(child.stdout), "line");
  const ready: Ready = JSON.parse(String(line));
  assert.equal(ready.items[0]?.pid, child.pid);
  return ready.items[0]?.listeners[0]?.url ?? "";
}

async function exit(child: ChildProcess): Promise<unknown> {
  const [code, signal] = await once(child, "exit");
  return code ?? signal;
}

for (const name of services) {
  test(`${name} starts alone, answers, and ends cleanly by SIGTERM`, { timeout: 60_000 }, async () => {
    await using child = start(name, "--listen", "127.0.0.1:0", "-o", "json");
    const url = await readyUrl(child);
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"query":"{ __typename }"}',
      signal: AbortSignal.timeout(5_000),
    });
    assert.equal(await response.text(), '{"data":{"__typename":"Query"}}');
    child.kill("SIGTERM");
    assert.equal(await exit(child), 0);
  });
}

test("with --end-with-stdin a service ends when its parent's pipe closes", { timeout: 60_000 }, async () => {
  await using child = start("inventory", "--listen", "127.0.0.1:0", "-o", "json", "--end-with-stdin");
  await readyUrl(child);
  child.stdin.end();
  assert.equal(await exit(child), 0);
});

test("a port in use ends the process with the address named", { timeout: 60_000 }, async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await using child = start("inventory", "--listen", `127.0.0.1:${port}`);
  const [[stderr], code] = await Promise.all([once(child.stderr, "data"), exit(child)]);
  taken.close();
  assert.equal(code, 1);
  assert.match(String(stderr), new RegExp(`cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`));
});

test("a flag that is not understood ends the process with the usage", { timeout: 60_000 }, async () => {
  await using child = start("inventory", "--listen", "nowhere");
  const [[stderr], code] = await Promise.all([once(child.stderr, "data"), exit(child)]);
  assert.equal(code, 2);
  assert.match(String(stderr), /usage: inventory \[--listen HOST:PORT\]/);
});
