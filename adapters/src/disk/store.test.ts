import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openStore, type Store } from "./store.ts";

type Value = { readonly number: number; readonly filler: string };

async function temporary(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "catalyst-store-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const parse = (payload: unknown): Value | undefined =>
  typeof payload === "object" &&
  payload !== null &&
  "number" in payload &&
  typeof payload.number === "number" &&
  "filler" in payload &&
  typeof payload.filler === "string"
    ? { number: payload.number, filler: payload.filler }
    : undefined;

const open = (folder: string, version = 1): Store<Value> => openStore({ folder, kind: "learned", version, parse });
const value = (number: number): Value => ({ number, filler: "x" });

test("what was saved is loaded; a fresh folder has nothing and no complaint", async () => {
  await using folder = await temporary();
  assert.deepEqual(await open(folder.path).load(), { value: undefined, problems: [] });
  assert.equal(await open(folder.path).save(value(1)), undefined);
  assert.deepEqual(await open(folder.path).load(), { value: value(1), problems: [] });
});

test("of many saves at once the newest wins, and each settles", async () => {
  await using folder = await temporary();
  const store = open(folder.path);
  const saved = await Promise.all(Array.from({ length: 50 }, (_, index) => store.save(value(index))));
  assert.deepEqual(new Set(saved), new Set([undefined]));
  assert.deepEqual((await open(folder.path).load()).value, value(49));
});

test("settled means that the newest is on the disk", async () => {
  await using folder = await temporary();
  const store = open(folder.path);
  for (let number = 0; number < 3; number++) void store.save(value(number));
  await store.settled();
  assert.deepEqual((await open(folder.path).load()).value, value(2));
});

for (const [how, damage] of [
  ["torn", (text: string) => text.slice(0, text.length / 2)],
  ["changed in one letter", (text: string) => text.replace(`"number":2`, `"number":3`)],
  ["empty", () => ""],
  ["no envelope", () => "[]"],
] as const) {
  test(`a newest file that is ${how} is set aside, and the previous one is taken with a problem`, async () => {
    await using folder = await temporary();
    const path = join(folder.path, "learned.json");
    await open(folder.path).save(value(1));
    await open(folder.path).save(value(2));
    await writeFile(path, damage(await readFile(path, "utf8")));
    const loaded = await open(folder.path).load();
    assert.deepEqual([loaded.value, loaded.problems.map(({ code }) => code)], [value(1), ["CAT-STATE-004"]]);
    assert.ok((await readFile(`${path}.damaged`)) instanceof Buffer);
    await open(folder.path).save(value(4));
    assert.deepEqual(await open(folder.path).load(), { value: value(4), problems: [] });
  });
}

test("a file of another version counts as absent", async () => {
  await using folder = await temporary();
  await open(folder.path).save(value(1));
  assert.deepEqual(await open(folder.path, 2).load(), { value: undefined, problems: [] });
});

test("a folder that cannot be written is a problem, not an exception", async () => {
  assert.equal((await open("/proc/nowhere").save(value(1)))?.code, "CAT-STATE-005");
});

test("killed 40 times while it writes, a whole value is loaded each time, never older than the last one told", async () => {
  await using folder = await temporary();
  let told = -1;
  for (let kill = 0; kill < 40; kill++) {
    const writer = spawn(
      process.execPath,
      [new URL("testing/writer.ts", import.meta.url).pathname, folder.path, String(told + 1)],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const lines: string[] = [];
    writer.stdout.setEncoding("utf8").on("data", (text: string) => lines.push(text));
    await once(writer.stdout, "data");
    await sleep(Math.random() * 12);
    writer.kill("SIGKILL");
    await once(writer, "close");
    told = Math.max(told, ...lines.join("").split("\n").slice(0, -1).map(Number));
    const loaded = await open(folder.path).load();
    assert.deepEqual(loaded.problems, []);
    assert.ok(loaded.value !== undefined && loaded.value.number >= told, `${loaded.value?.number} >= ${told}`);
    assert.equal(loaded.value.filler, `${loaded.value.number}-`.repeat(20_000));
  }
});
