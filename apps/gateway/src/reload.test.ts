import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../../tests/support/process.ts";
import { acme, Gateway } from "./testing/gateway.ts";
import { desired, pair } from "./testing/subgraphs.ts";

const deadline = { timeout: 60_000 };
const reloads = { 1: 8, 2: 20 } as const;
const requestsBetween = 40;

function total(seen: ReadonlyMap<string, number>): number {
  return [...seen.values()].reduce((sum, count) => sum + count, 0);
}

for (const workers of [1, 2] as const) {
  const what = "reloads under load fail no request, mix no schema, and let a mutation in flight end";
  test(`${what} (workers: ${workers})`, deadline, () => reloadUnderLoad(workers));
}

async function reloadUnderLoad(workers: 1 | 2): Promise<void> {
  await using gateway = await Gateway.start(["--workers", String(workers)]);
  await using stack = new AsyncDisposableStack();
  const versions = await Promise.all(["old", "new"].map((word) => pair(word, 15)));
  for (const service of versions.flat()) stack.use(service);
  const states = versions.map((services) => desired(services));
  await gateway.configure({ identity: acme, ...states[0] });

  const seen = new Map<string, number>();
  const loading = new AbortController();
  const load = Array.from({ length: 8 }, async (_, client) => {
    for (let round = 0; !loading.signal.aborted; round++) {
      // A new text now and then, so that plans are made during the reloads too.
      const alias = round % 10 === 0 ? `c${client}r${round}` : "same";
      const operation = client === 0 ? "mutation { write { first second } }" : `{ ${alias}: book { first second } }`;
      const { status, data, errors } = await gateway.ask(operation);
      assert.equal(status, 200);
      assert.equal(errors, undefined, JSON.stringify(errors));
      const words = JSON.stringify(data).match(/old|new/g) ?? [];
      assert.equal(words.length, 2);
      assert.equal(words[0], words[1], "one schema for one operation");
      seen.set(words[0], (seen.get(words[0]) ?? 0) + 1);
    }
  });
  try {
    for (let reload = 1; reload <= reloads[workers]; reload++) {
      const { outcomes } = await gateway.configure({ ...states[reload % 2] });
      assert.deepEqual(outcomes, { schema: "applied", endpoints: "applied" });
      const { data } = await gateway.ask("{ book { first } }");
      assert.deepEqual(data, { book: { first: reload % 2 === 0 ? "old" : "new" } }, "served once it is confirmed");
      await eventually(
        async () => total(seen),
        (count) => count >= reload * requestsBetween,
        { every: 5 },
      );
    }
  } finally {
    loading.abort();
    await Promise.all(load);
  }
  assert.ok((seen.get("old") ?? 0) > 0 && (seen.get("new") ?? 0) > 0);
  const settled = await eventually(
    () => gateway.status(),
    ({ counters }) => counters?.generations === 1,
    { within: 5000 },
  );
  assert.equal(settled.counters?.operationsWithErrors, 0n);
  assert.equal(settled.counters?.operationsInFlight, 0);
}
