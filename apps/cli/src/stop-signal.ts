/** Aborts at the first SIGINT or SIGTERM, or with `also`. Disposing it gives the signals back to the process. */
export function stopAsked(also?: AbortSignal): { readonly signal: AbortSignal; readonly [Symbol.dispose]: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  return {
    signal: also ? AbortSignal.any([controller.signal, also]) : controller.signal,
    [Symbol.dispose]: () => void process.off("SIGINT", stop).off("SIGTERM", stop),
  };
}
