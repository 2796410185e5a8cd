const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Aborts at the first SIGINT, SIGTERM or SIGHUP, or with `also`. Disposing it gives the signals back to the process. */
export function stopAsked(also?: AbortSignal): { readonly signal: AbortSignal; readonly [Symbol.dispose]: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  for (const signal of signals) process.once(signal, stop);
  return {
    signal: also ? AbortSignal.any([controller.signal, also]) : controller.signal,
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
