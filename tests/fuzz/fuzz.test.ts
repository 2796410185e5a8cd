import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz } from "./fuzz.ts";

test("nonsense, asked of a gateway or answered by its services, neither ends it nor is answered 500", async () => {
  const { failures, statuses } = await fuzz("default", 2_000);
  assert.deepEqual(failures, []);
  assert.ok((statuses.get(200) ?? 0) > 500, "what is honest is answered");
  assert.ok((statuses.get(400) ?? 0) > 500, "what is nonsense is refused");
});
