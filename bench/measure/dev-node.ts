import type { Running } from "../../tests/support/process.ts";
import { Client } from "./client.ts";
import { timed } from "./statistics.ts";

const anyPorts = ["gateway", "gateway-tls", "auth", "api", "products", "reviews", "inventory"].flatMap((name) => [
  `--${name}-listen`,
  "127.0.0.1:0",
]);

/** The flags of a `catalyst dev` that can run beside any other. */
export function devFlags(stateDir: string): readonly string[] {
  return ["--state-dir", stateDir, ...anyPorts];
}

/** What `catalyst dev` offers to try when it is ready: its Products, their Reviews, and the stock of Inventory beside. */
export function offeredQuery(node: Running): string {
  const { query } = node.document;
  if (typeof query !== "string") throw new Error("the node offers no query");
  return query;
}

/** Starts it, asks it once, and answers how long after the start each was done, in ms. */
export async function startToAnswer(
  start: () => Promise<Running>,
  queryOf: (running: Running) => string,
): Promise<{ readonly running: Running; readonly ready: number; readonly answered: number }> {
  const ready = await timed(start);
  const answered = await timed(async () => {
    await using client = new Client(ready.value.graphql);
    const { text } = await client.ask(queryOf(ready.value));
    if (!text.startsWith('{"data":{') || text.includes('"errors"')) throw new Error(text.slice(0, 1_000));
  });
  return { running: ready.value, ready: ready.ms, answered: ready.ms + answered.ms };
}
