import { setImmediate as nextTurn } from "node:timers/promises";

/** How long requests may have to wait for one slice, in milliseconds. */
const sliceMs = 5;

/** Takes the steps of a long computation a few at a time, and lets requests have their turn between. Undefined when aborted. */
export async function inSlices<Value>(
  steps: Generator<undefined, Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  while (!signal.aborted) {
    const end = performance.now() + sliceMs;
    do {
      const { done, value } = steps.next();
      if (done) return value;
    } while (performance.now() < end);
    await nextTurn();
  }
  return undefined;
}
