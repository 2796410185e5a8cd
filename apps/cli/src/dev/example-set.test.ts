import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { ownHost } from "../../../../tests/support/own-host.ts";
import { startExamples } from "./example-set.ts";
import { exampleMain } from "./examples.ts";

const products = { name: "products", listen: `${ownHost}:0`, main: exampleMain("products") } as const;
const inventory = { name: "inventory", listen: `${ownHost}:0`, main: exampleMain("inventory") } as const;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("examples start together and end when they are disposed of", { timeout: 60_000 }, async () => {
  const started = await startExamples([products, inventory], () => {});
  assert.ok(started.ok);
  const pids = started.value.ready.map(({ pid }) => pid);
  assert.deepEqual(pids.map(isAlive), [true, true]);
  await started.value[Symbol.asyncDispose]();
  assert.deepEqual(pids.map(isAlive), [false, false]);
});

test("an example that is killed comes back at the same address, and it is told", { timeout: 60_000 }, async () => {
  let told = "";
  const started = await startExamples([inventory], (text) => (told += text));
  assert.ok(started.ok);
  await using examples = started.value;
  const [first] = examples.ready;
  assert.ok(first);
  process.kill(first.pid, "SIGKILL");
  await answersAgain(first.listeners[0]?.url ?? "", first.pid);
  assert.match(told, /^inventory ended \(SIGKILL\); starting it again$/m);
});

test("when one cannot start, the others are stopped and its reason is told", { timeout: 60_000 }, async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const listen = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  let told = "";
  const started = await startExamples([products, { ...inventory, listen }], (text) => (told += text));
  taken.close();
  assert.ok(!started.ok);
  assert.deepEqual(
    started.problems.map(({ code, path }) => [code, path]),
    [["CAT-CLI-004", "inventory"]],
  );
  assert.match(told, /EADDRINUSE/);
});

/** Waits until a new process answers there. */
async function answersAgain(url: string, oldPid: number): Promise<void> {
  while (
    isAlive(oldPid) ||
    !(await fetch(new URL("/health", url), { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false,
    ))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
