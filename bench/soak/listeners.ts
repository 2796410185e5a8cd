import { type Subscriber, subscribeSse, subscribeWs } from "../../apps/gateway/src/testing/subscriber.ts";

const query = "subscription { reviewAdded { id rating product { name } } }";
/** How long each listens before another takes its place, in ms. */
const staysMs = 20_000;
/** Before one that failed subscribes again, in ms, as a client does that means well. */
const pauseMs = 1_000;
/** So many failures are kept in words; all are counted. */
const keptFailures = 20;
/** The time is over. */
const gone = Symbol("gone");

/** Clients that subscribe, listen for a while, leave, and subscribe again; half by SSE, half by WebSocket. */
export class Listeners implements AsyncDisposable {
  readonly #url: string;
  readonly #stopped = new AbortController();
  readonly #all: readonly Promise<void>[];
  readonly failures: string[] = [];
  #heard = 0;
  #failed = 0;

  constructor(url: string, count: number) {
    this.#url = url;
    this.#all = Array.from({ length: count }, (_, index) => this.#listen(index));
  }

  get heard(): number {
    return this.#heard;
  }

  /** Subscriptions that were refused, ended, or told of an error. */
  get failed(): number {
    return this.#failed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#all);
  }

  async #listen(index: number): Promise<void> {
    const subscribe = index % 2 === 0 ? subscribeSse : subscribeWs;
    while (!this.#stopped.signal.aborted) {
      const why = await subscribe(this.#url, query).then((subscriber) => this.#stay(subscriber), String);
      if (why === undefined) continue;
      this.#failed += 1;
      if (this.failures.length < keptFailures) this.failures.push(why);
      await this.#pause(pauseMs);
    }
  }

  /** What was told that is no event, in words; undefined when all was well until it left. */
  async #stay({ next, leave }: Subscriber): Promise<string | undefined> {
    const leaving = this.#pause(staysMs);
    try {
      for (;;) {
        const event = await Promise.race([next(), leaving]);
        if (event === gone) return undefined;
        if (Object(Object(event).data).reviewAdded?.product?.name === undefined) return `told ${JSON.stringify(event)}`;
        this.#heard += 1;
      }
    } catch (error) {
      return String(error);
    } finally {
      leave();
    }
  }

  async #pause(ms: number): Promise<typeof gone> {
    const { signal } = this.#stopped;
    if (signal.aborted) return gone;
    return await new Promise((settle) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        settle(gone);
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }
}
