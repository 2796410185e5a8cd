import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServicePort } from "@catalyst-node/core/execution";
import { ServiceErrors } from "./service-errors.ts";

const signal = new AbortController().signal;
const request = { service: "s", kind: "query", body: "{}", headers: { "x-request-id": "r1" } } as const;
const failing: ServicePort = {
  send: async () => ({
    kind: "answered",
    payload: { errors: Array.from({ length: 5 }, () => ({ message: "x".repeat(9_000) })) },
  }),
};

test("of many failing answers few lines are written, each bounded, and the next says how many were not", async () => {
  const lines: Record<string, unknown>[] = [];
  let now = 0;
  const errors = new ServiceErrors({
    isMasked: () => true,
    log: { warn: (_, fields) => void lines.push({ ...fields }) },
    now: () => now,
  });
  const port = errors.services(failing, undefined);
  for (let count = 0; count < 100; count += 1) await read(port);
  assert.equal(lines.length, 10);
  now = 1_000;
  await read(port);
  const { errors: told, ...rest } = lines.at(-1) ?? {};
  assert.deepEqual(rest, { service: "s", requestId: "r1", more: 2, untold: 90 });
  assert.ok(Array.isArray(told) && told.length === 3 && String(told[0]).length === 2_000);
});

test("the setting is asked for each answer", async () => {
  let isMasked = true;
  const errors = new ServiceErrors({ isMasked: () => isMasked, log: { warn: () => undefined }, now: () => 0 });
  const port = errors.services(failing, undefined);
  const shows = async () => (await read(port)).includes("xxx");
  assert.equal(await shows(), false);
  isMasked = false;
  assert.equal(await shows(), true);
});

async function read(port: ServicePort): Promise<string> {
  const answer = await port.send(request, signal);
  return answer.kind === "answered" ? JSON.stringify(answer.payload) : answer.code;
}
