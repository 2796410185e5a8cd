import assert from "node:assert/strict";
import { test } from "node:test";
import { SseReader } from "./sse-reader.ts";

const stream =
  'event: next\r\ndata: {"a":\ndata:1}\r\r:heartbeat\n\nid: 7\n\ndata\n\nevent:complete\ndata:\n\nevent: next\nda';
const events = [
  { event: "next", data: '{"a":\n1}' },
  { event: "message", data: "" },
  { event: "complete", data: "" },
];

test("events are the same wherever the chunks break", () => {
  for (let size = 1; size <= stream.length; size += 1) {
    const reader = new SseReader(1_000);
    const read = [];
    for (let start = 0; start < stream.length; start += size)
      read.push(...reader.read(stream.slice(start, start + size)));
    assert.deepEqual(read, events, `chunks of ${size}`);
  }
});

test("a line or an event that does not end is noticed, comments are not counted", () => {
  const line = new SseReader(100);
  assert.deepEqual([...line.read(`data: ${"x".repeat(95)}`)], []);
  assert.ok(line.isTooLong);
  const many = new SseReader(100);
  assert.deepEqual([...many.read("data: xxxxxxxx\n".repeat(8))], []);
  assert.ok(many.isTooLong);
  const comments = new SseReader(100);
  assert.deepEqual([...comments.read(":\n\n".repeat(1_000))], []);
  assert.ok(!comments.isTooLong);
});
