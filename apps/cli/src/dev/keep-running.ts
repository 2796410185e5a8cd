import { setTimeout as pause } from "node:timers/promises";
import { formatProblem } from "@catalyst-node/core/model";
import type { Example } from "./examples.ts";
import { type ExampleProcess, startExample } from "./example-process.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 10_000;

/** Starts an example service again, at the same address, whenever it ends; until `signal`, then it is stopped. */
export async function keepRunning(
  example: Example,
  first: ExampleProcess,
  stderr: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const stopped = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  // The address that was really bound: the node knows the service by it.
  const same = { ...example, listen: boundAddress(first) ?? example.listen };
  let current: ExampleProcess | undefined = first;
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    const how = await Promise.race([current?.ended, stopped]);
    if (signal.aborted) break;
    if (current) stderr(`${example.name} ended (${how}); starting it again\n`);
    await pause(pauseMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const started = await startExample(same, stderr);
    current = started.ok ? started.value : undefined;
    pauseMs = started.ok ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs);
    if (!started.ok) stderr(`${started.problems.map(formatProblem).join("\n")}\n`);
  }
  await current?.[Symbol.asyncDispose]();
}

function boundAddress({ ready }: ExampleProcess): string | undefined {
  const url = ready.listeners[0]?.url;
  return url === undefined ? undefined : new URL(url).host;
}
