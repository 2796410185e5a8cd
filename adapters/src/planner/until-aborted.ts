/** The promise's value, or `instead` when the signal aborts first. The work goes on for whoever else waits for it. */
export async function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
  instead: Value,
): Promise<Value> {
  if (signal.aborted) return instead;
  const { promise: aborted, resolve } = Promise.withResolvers<Value>();
  const onAbort = (): void => resolve(instead);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
