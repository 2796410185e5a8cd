/** Hands each published value to everybody who listens at that moment. */
export type Broadcast<Value> = {
  readonly publish: (value: Value) => void;
  readonly listen: () => AsyncGenerator<Value, void, void>;
};

/**
 * An in-memory broadcast. A listener that does not keep up loses the oldest values beyond `limit`, so that a
 * stalled client cannot make the process grow.
 */
export function createBroadcast<Value>(limit: number): Broadcast<Value> {
  const listeners = new Set<(value: Value) => void>();
  return {
    publish: (value) => listeners.forEach((hear) => hear(value)),
    listen: () => listenIn(listeners, limit),
  };
}

function listenIn<Value>(listeners: Set<(value: Value) => void>, limit: number): AsyncGenerator<Value, void, void> {
  const waiting: Value[] = [];
  let wake: (() => void) | undefined;
  const hear = (value: Value): void => {
    waiting.push(value);
    if (waiting.length > limit) waiting.shift();
    wake?.();
  };
  // Listening begins with the call, not with the first `next`: nothing published in between is missed.
  listeners.add(hear);
  const end = (): IteratorReturnResult<void> => {
    listeners.delete(hear);
    wake?.();
    return { done: true, value: undefined };
  };
  return {
    next: async () => {
      while (waiting.length === 0 && listeners.has(hear)) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
      const [value] = waiting.splice(0, 1);
      return value === undefined || !listeners.has(hear) ? end() : { done: false, value };
    },
    return: async () => end(),
    throw: async (reason) => {
      end();
      throw reason;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      end();
    },
  };
}
