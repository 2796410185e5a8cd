import type { TimerId } from "@catalyst-node/core/node";

/** The node's timers by name. What is by chance in them is decided here and nowhere else. */
export class Timers implements Disposable {
  readonly #running = new Map<TimerId, NodeJS.Timeout>();
  readonly #fired: (id: TimerId) => void;

  constructor(fired: (id: TimerId) => void) {
    this.#fired = fired;
  }

  /** Fires after `ms`, or up to the part `spread` of it earlier. One of the same name is replaced. */
  start(id: TimerId, ms: number, spread: number): void {
    this.cancel(id);
    const timer = setTimeout(
      () => {
        this.#running.delete(id);
        this.#fired(id);
      },
      ms * (1 - spread * Math.random()),
    );
    this.#running.set(id, timer);
  }

  cancel(id: TimerId): void {
    clearTimeout(this.#running.get(id));
    this.#running.delete(id);
  }

  [Symbol.dispose](): void {
    for (const id of this.#running.keys()) this.cancel(id);
  }
}
