import { Changes } from "@catalyst-node/adapters/process";

/** Something that happened, as it is told to whoever watches. */
export type ToldEvent = {
  /** Counts up by one from the start of the process. */
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly subject: string;
  readonly message: string;
};

/** The newest events, so many that a dashboard opened late sees how things came. */
const kept = 256;

/** Keeps the newest events and wakes watchers. A watcher that is too slow misses events and sees the gap. */
export class EventRing {
  #events: ToldEvent[] = [];
  #seq = 0;
  readonly #changes = new Changes();

  add(event: Omit<ToldEvent, "seq">): void {
    this.#seq += 1;
    this.#events.push({ seq: this.#seq, ...event });
    if (this.#events.length > kept) this.#events.shift();
    this.#changes.notify();
  }

  /** Those kept, then each as it happens, until the signal fires. */
  async *watch(signal: AbortSignal): AsyncGenerator<ToldEvent> {
    let last = 0;
    while (!signal.aborted) {
      // Asked for before the events are read: one between the two must not be slept over.
      const changed = this.#changes.next(signal);
      const news = this.#events.filter(({ seq }) => seq > last);
      for (const event of news) {
        yield event;
        last = event.seq;
      }
      if (news.length === 0) await changed;
    }
  }
}
