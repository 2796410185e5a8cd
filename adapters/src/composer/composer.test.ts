import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Subgraph } from "@catalyst-node/core/supergraph";
import { type Composer, startComposer } from "./composer.ts";
import { ring } from "./testing/ring.ts";

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n`;
const never = new AbortController().signal;
const options = { timeoutMs: 10_000, signal: never };

/** Keeps the composer busy for longer than any test here waits. */
const endless = ring(400, 60);

async function pidsOfChildren(parent: number): Promise<readonly number[]> {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /, "").split(" ")[1] === String(parent);
      } catch {
        return false;
      }
    })
    .map(Number);
}

test("two services compose, without their URLs", async () => {
  await using composer: Composer = startComposer({ maxMemory: 512 * 1024 * 1024 });
  const attempt = await composer.compose(
    [
      {
        name: "products",
        sdl: `${link}type Query { top: Product } type Product @key(fields: "id") { id: ID! name: String }`,
      },
      { name: "reviews", sdl: `${link}type Product @key(fields: "id") { id: ID! stars: Int }` },
    ],
    options,
  );
  assert.ok(attempt.kind === "composed", JSON.stringify(attempt));
  assert.match(attempt.supergraph.sdl, /join__graph\(name: "reviews", url: ""\)/);
  assert.match(attempt.supergraph.apiSdl, /stars: Int/);
  assert.match(attempt.supergraph.digest, /^[0-9a-f]{64}$/);
});

test("a ring of 100 services composes", async () => {
  await using composer = startComposer({ maxMemory: 512 * 1024 * 1024 });
  const attempt = await composer.compose(ring(100, 5), { ...options, timeoutMs: 30_000 });
  assert.equal(attempt.kind, "composed");
});

test("a service that is wrong, and a pair that conflicts, are told apart", async () => {
  await using composer = startComposer({ maxMemory: 512 * 1024 * 1024 });
  const query = (name: string, field: string): Subgraph => ({ name, sdl: `${link}type Query { ${field} }` });
  const wrong = await composer.compose([query("good", "a: Int"), query("bad", "b: Nowhere")], options);
  assert.ok(wrong.kind === "rejected");
  assert.deepEqual(
    wrong.wrong.map(({ path, code }) => [path, code]),
    [["bad", "CAT-SUPERGRAPH-003"]],
  );
  const conflict = await composer.compose([query("x", "a: Int"), query("y", "a: Int")], options);
  assert.ok(conflict.kind === "rejected");
  assert.match(conflict.conflicts[0]?.message ?? "", /"x" and "y"/);
});

test("one that takes too long is killed at its deadline, and the next one composes", async () => {
  await using composer = startComposer({ maxMemory: 512 * 1024 * 1024 });
  await composer.compose([{ name: "a", sdl: "type Query { a: Int }" }], options);
  const attempt = await composer.compose(endless, { ...options, timeoutMs: 300 });
  assert.deepEqual(attempt, { kind: "died", reason: "it took longer than 300 ms" });
  assert.equal((await composer.compose([{ name: "b", sdl: "type Query { b: Int }" }], options)).kind, "composed");
});

test("one that wants more memory than it may have dies alone", async () => {
  await using composer = startComposer({ maxMemory: 64 * 1024 * 1024 });
  const attempt = await composer.compose(endless, { ...options, timeoutMs: 30_000 });
  assert.ok(attempt.kind === "died", attempt.kind);
  assert.match(attempt.reason, /its process ended/);
});

test("a child that somebody else killed, idle or busy, is replaced, and no schema is blamed for it", async () => {
  await using composer = startComposer({ maxMemory: 512 * 1024 * 1024 });
  const kill = async (): Promise<void> => {
    for (const pid of await pidsOfChildren(process.pid)) process.kill(pid, "SIGKILL");
  };
  assert.equal((await composer.compose([{ name: "a", sdl: "type Query { a: Int }" }], options)).kind, "composed");
  await kill();
  assert.equal((await composer.compose([{ name: "b", sdl: "type Query { b: Int }" }], options)).kind, "composed");
  const busy = composer.compose(ring(50, 20), options);
  await new Promise((wait) => setTimeout(wait, 50));
  await kill();
  assert.equal((await busy).kind, "composed");
});

test("a child without work ends, and another composes when there is work again", async () => {
  await using composer = startComposer({ maxMemory: 512 * 1024 * 1024, idleMs: 100 });
  assert.equal((await composer.compose([{ name: "a", sdl: "type Query { a: Int }" }], options)).kind, "composed");
  const deadline = Date.now() + 10_000;
  while ((await pidsOfChildren(process.pid)).length > 0) {
    assert.ok(Date.now() < deadline, "the child is gone");
    await new Promise((wait) => setTimeout(wait, 20));
  }
  assert.equal((await composer.compose([{ name: "b", sdl: "type Query { b: Int }" }], options)).kind, "composed");
});

test("a composer that is disposed leaves no process, whether it composes or is just about to", async () => {
  for (const isBusy of [false, true]) {
    const composer = startComposer({ maxMemory: 512 * 1024 * 1024 });
    const answer = composer.compose(endless, options);
    if (isBusy) await new Promise((settle) => setImmediate(settle));
    await composer[Symbol.asyncDispose]();
    assert.equal((await answer).kind, "died");
    assert.deepEqual(await pidsOfChildren(process.pid), []);
  }
});

test("one that was given up makes room for the next within a second", async () => {
  await using composer = startComposer({ maxMemory: 512 * 1024 * 1024 });
  await composer.compose([{ name: "a", sdl: "type Query { a: Int }" }], options);
  const given = new AbortController();
  const first = composer.compose(endless, { timeoutMs: 30_000, signal: given.signal });
  const second = composer.compose([{ name: "b", sdl: "type Query { b: Int }" }], options);
  given.abort();
  assert.equal((await first).kind, "died");
  assert.equal((await second).kind, "composed");
});

test("a composer whose parent was killed ends by itself, a busy one at its deadline", { timeout: 60_000 }, async () => {
  const script = `
    import { startComposer } from ${JSON.stringify(new URL("./composer.ts", import.meta.url).href)};
    import { ring } from ${JSON.stringify(new URL("./testing/ring.ts", import.meta.url).href)};
    const composer = startComposer({ maxMemory: 1e9 });
    const signal = new AbortController().signal;
    await composer.compose([{ name: "a", sdl: "type Query { a: Int }" }], { timeoutMs: 9000, signal });
    void composer.compose(ring(400, 60), { timeoutMs: 2_000, signal });
    setTimeout(() => console.log("busy"), 300);
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(parent.stdout, "data");
  const children = await pidsOfChildren(parent.pid ?? 0);
  assert.equal(children.length, 1);
  parent.kill("SIGKILL");
  await once(parent, "exit");
  const deadline = Date.now() + 10_000;
  const alive = (pid: number): boolean => {
    try {
      return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    } catch {
      return false;
    }
  };
  while (children.some(alive)) {
    assert.ok(Date.now() < deadline, "the child is gone");
    await new Promise((wait) => setTimeout(wait, 50));
  }
});
