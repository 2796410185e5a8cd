import { type Subscriber, subscribeSse, subscribeWs } from "../../apps/gateway/src/testing/subscriber.ts";

const query = "subscription { reviewAdded { id rating product { name } } }";
/** How long each listens before another takes its place, in ms. */
const staysMs = 20_000;
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
      try {
        await this.#stay(await subscribe(this.#url, query));
      } catch (error) {
        this.#fail(String(error));
        await this.#pause(1_000);
      }
    }
  }

  async #stay({ next, leave }: Subscriber): Promise<void> {
    const leaving = this.#pause(staysMs);
    for (;;) {
      const event = await Promise.race([next(), leaving]);
      if (event === gone) return leave();
      if (Object(Object(event).data).reviewAdded?.product?.name === undefined) {
        this.#fail(`told ${JSON.stringify(event)}`);
        return leave();
      }
      this.#heard += 1;
    }
  }

  #fail(why: string): void {
    this.#failed += 1;
    if (this.failures.length < 20) this.failures.push(why);
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
