import { type Result, fail, ok } from "@catalyst-node/core/model";
import { startExample } from "./example-process.ts";
import type { Example } from "./examples.ts";
import { keepRunning } from "./keep-running.ts";
import type { ReadyProcess } from "./ready.ts";

/** The example services, each started again when it ends. Disposing stops them all. */
export type ExampleSet = {
  readonly ready: readonly ReadyProcess[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** Starts all of them at once. When one cannot start, the others are stopped and every problem is told. */
export async function startExamples(
  examples: readonly Example[],
  stderr: (text: string) => void,
): Promise<Result<ExampleSet>> {
  const starts = await Promise.all(
    examples.map(async (example) => ({ example, started: await startExample(example, stderr) })),
  );
  const problems = starts.flatMap(({ started }) => (started.ok ? [] : started.problems));
  const running = starts.flatMap(({ example, started }) => (started.ok ? [{ example, first: started.value }] : []));
  if (problems.length > 0) {
    await Promise.all(running.map(({ first }) => first[Symbol.asyncDispose]()));
    return fail(...problems);
  }
  const stopping = new AbortController();
  const kept = running.map(({ example, first }) => keepRunning(example, first, stderr, stopping.signal));
  return ok({
    ready: running.map(({ first }) => first.ready),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await Promise.all(kept);
    },
  });
}
