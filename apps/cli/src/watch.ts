import { setTimeout as pause } from "node:timers/promises";
import { type Result, fail, formatProblem } from "@catalyst-node/core/model";
import { exitCode } from "./exit-code.ts";
import { callFailure } from "./node-client.ts";
import { type Answer, type ReadOptions, show } from "./read-command.ts";
import { stopAsked } from "./stop-signal.ts";
import type { Terminal } from "./terminal.ts";

const everyMs = 1_000;

/**
 * Shows the answer again whenever it changed (ages alone are no change), until Ctrl-C, which is a clean end.
 * A node that goes away in between is told once, and its return is shown.
 */
export async function watch(
  terminal: Terminal,
  options: ReadOptions,
  first: Answer,
  read: () => Promise<Result<Answer>>,
): Promise<void> {
  using stop = stopAsked(terminal.closed);
  let shown = fingerprint(first);
  for (;;) {
    await pause(everyMs, undefined, { signal: stop.signal }).catch(() => {});
    if (stop.signal.aborted) return terminal.exitWith(exitCode.ok);
    const next = await tryRead(options, read);
    const changed = next.ok ? fingerprint(next.value) : next.problems.map(formatProblem).join("\n");
    if (changed === shown) continue;
    shown = changed;
    if (!next.ok) {
      terminal.stderr(`${changed}\n`);
    } else {
      if (options.output !== "json") terminal.stdout("\n");
      show(terminal, options.output, next.value);
    }
  }
}

async function tryRead(options: ReadOptions, read: () => Promise<Result<Answer>>): Promise<Result<Answer>> {
  try {
    return await read();
  } catch (error) {
    return fail(callFailure(error, options.api).problem);
  }
}

/** What makes two answers the same: their items without the ages, which grow by themselves. */
function fingerprint({ items }: Answer): string {
  return JSON.stringify(items, (key, value: unknown) => (ticking.has(key) ? undefined : value));
}

const ticking: ReadonlySet<string> = new Set([
  "secondsSinceStarted",
  "secondsSinceFetched",
  "secondsSinceAcknowledged",
  "acknowledgedAt",
  "fetchedAt",
  "attemptedAt",
  "counters",
  "operations",
]);
