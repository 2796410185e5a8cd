import assert from "node:assert/strict";
import { test } from "node:test";
import { EventRing, type ToldEvent } from "./event-ring.ts";

const event = { at: 0, kind: "service.schema", subject: "shop", message: "" };

async function take(events: AsyncGenerator<ToldEvent>, count: number): Promise<readonly number[]> {
  const taken: number[] = [];
  while (taken.length < count) {
    const { value } = await events.next();
    assert.ok(value !== undefined);
    taken.push(value.seq);
  }
  return taken;
}

test("a watcher hears the newest 256, then each as it happens", { timeout: 30_000 }, async () => {
  const ring = new EventRing();
  for (let count = 0; count < 300; count++) ring.add(event);
  const stop = new AbortController();
  const watching = ring.watch(stop.signal);
  const kept = await take(watching, 256);
  assert.deepEqual([kept[0], kept.at(-1)], [45, 300]);
  const next = take(watching, 1);
  ring.add(event);
  assert.deepEqual(await next, [301]);
  stop.abort();
  assert.equal((await watching.next()).done, true);
});

test("a watcher that is too slow misses events and can tell it by the gap", { timeout: 30_000 }, async () => {
  const ring = new EventRing();
  ring.add(event);
  const watching = ring.watch(new AbortController().signal);
  assert.deepEqual(await take(watching, 1), [1]);
  for (let count = 0; count < 1_000; count++) ring.add(event);
  assert.deepEqual(await take(watching, 2), [746, 747]);
});
