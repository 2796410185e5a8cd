import assert from "node:assert/strict";
import { test } from "node:test";
import { createBroadcast } from "./broadcast.ts";

test("every listener hears what is published after it began, in order", async () => {
  const numbers = createBroadcast<number>(10);
  numbers.publish(0);
  const early = numbers.listen();
  numbers.publish(1);
  const late = numbers.listen();
  numbers.publish(2);
  assert.deepEqual([(await early.next()).value, (await early.next()).value], [1, 2]);
  assert.deepEqual((await late.next()).value, 2);
});

test("a listener that stalls loses the oldest events and no more than it must", async () => {
  const numbers = createBroadcast<number>(2);
  const slow = numbers.listen();
  for (const number of [1, 2, 3]) numbers.publish(number);
  assert.deepEqual([(await slow.next()).value, (await slow.next()).value], [2, 3]);
});

test("ending a listener answers the read that it waits in", async () => {
  const listener = createBroadcast<number>(1).listen();
  const waiting = listener.next();
  await listener.return();
  assert.deepEqual(await waiting, { done: true, value: undefined });
});
