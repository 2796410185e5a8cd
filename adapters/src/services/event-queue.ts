import { type ServiceAnswer, type ServiceFailureCode, serviceFailures } from "@catalyst-node/core/execution";

/** How much of one subscription may wait to be taken. */
export type QueueBounds = { readonly events: number; readonly bytes: number };

type Waiting = { readonly answer: ServiceAnswer; readonly bytes: number };

/**
 * The events of one subscription between the service that tells them and whoever completes them.
 * When more wait than may, all are dropped and the last answer is SUBSCRIBER_TOO_SLOW: to skip
 * events in silence would be worse. `onEnd` is called once, whatever ends the subscription.
 */
export class EventQueue implements AsyncIterable<ServiceAnswer> {
  readonly #bounds: QueueBounds;
  readonly #onEnd: () => void;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(bounds: QueueBounds, onEnd: () => void) {
    this.#bounds = bounds;
    this.#onEnd = onEnd;
  }

  push(answer: ServiceAnswer, bytes: number): void {
    if (this.#ended) return;
    this.#waiting.push({ answer, bytes });
    this.#bytes += bytes;
    if (this.#waiting.length > this.#bounds.events || this.#bytes > this.#bounds.bytes) this.cut("SUBSCRIBER_TOO_SLOW");
    this.#wake();
  }

  /** What waits is still taken, and after it, where it ended badly, the reason. */
  end(code?: ServiceFailureCode): void {
    if (this.#ended) return;
    this.#ended = true;
    if (code !== undefined) this.#waiting.push({ answer: failed(code), bytes: 0 });
    this.#onEnd();
    this.#wake();
  }

  /** Drops what waits. Without a code nothing more is told at all. */
  cut(code?: ServiceFailureCode): void {
    this.#waiting = [];
    this.#bytes = 0;
    this.end(code);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ServiceAnswer, void, void> {
    for (;;) {
      const [next] = this.#waiting.splice(0, 1);
      if (next !== undefined) {
        this.#bytes -= next.bytes;
        yield next.answer;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((wake) => (this.#wake = wake));
      }
    }
  }
}

export function failed(code: ServiceFailureCode): ServiceAnswer {
  return { kind: "failed", code, message: serviceFailures[code].message };
}
