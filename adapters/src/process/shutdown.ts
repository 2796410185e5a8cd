/** By which a process is asked to end. */
export const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** How a process of ours is asked to end: the first signal asks, the second insists. */
export type Shutdown = Disposable & { readonly requested: Promise<string> };

/** Takes over the signals until it is disposed. `insist` is called on the second one and must not return to waiting. */
export function listenForShutdown(insist: () => void): Shutdown {
  const { promise: requested, resolve } = Promise.withResolvers<string>();
  let asked = false;
  const onSignal = (signal: string): void => {
    if (asked) insist();
    asked = true;
    resolve(signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    requested,
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
