/**
 * Calls back when the signal aborts; answers what takes that back. One listener for all who wait for the same signal: a
 * client's request makes several, and a listener costs more than what it waits for.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const waiting = callbacks.get(signal) ?? listen(signal);
  waiting.add(callback);
  return () => void waiting.delete(callback);
}

const callbacks = new WeakMap<AbortSignal, Set<() => void>>();

function listen(signal: AbortSignal): Set<() => void> {
  const waiting = new Set<() => void>();
  callbacks.set(signal, waiting);
  const onAborted = (): void => {
    for (const callback of waiting) callback();
  };
  signal.addEventListener("abort", onAborted, { once: true });
  return waiting;
}
