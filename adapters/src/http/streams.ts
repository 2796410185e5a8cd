import { type ExecutionResult, GraphQLError } from "graphql";
import type { Asker } from "./authenticate.ts";
import { limits } from "./limits.ts";
import { requestErrors } from "./problems.ts";
import type { Standings } from "./standings.ts";

/** Why the gateway itself ends a subscription; the client finds it as the code of a last error. */
export type StreamEnd = "GATEWAY_STOPPING" | "SUBSCRIPTION_EXPIRED" | "TOKEN_EXPIRED";

/** The subscriptions that one listener serves, whatever carries them. */
export class Streams {
  readonly #standings: Standings;
  readonly #open = new Set<Stream>();
  #allEnd: StreamEnd | undefined;

  constructor(standings: Standings) {
    this.#standings = standings;
  }

  /**
   * A new one, to be closed by whoever opened it; undefined when there are as many as there may be. It expires with
   * `expired`, with what lets `who` ask, or when its time is up. `onBegin` is called once its answers are on their way.
   */
  open(who: Asker, expired: AbortSignal | undefined, onBegin: () => void): Stream | undefined {
    if (this.#open.size >= limits.streams) return undefined;
    const expire = (): void => stream.end("SUBSCRIPTION_EXPIRED");
    const life = setTimeout(expire, limits.streamMs).unref();
    const stream = new Stream(onBegin, () => {
      clearTimeout(life);
      unwatch();
      expired?.removeEventListener("abort", expire);
      this.#open.delete(stream);
    });
    const unwatch = this.#standings.watch(who, () => stream.end("TOKEN_EXPIRED"));
    this.#open.add(stream);
    if (this.#allEnd !== undefined) stream.end(this.#allEnd);
    else if (expired?.aborted) expire();
    else expired?.addEventListener("abort", expire);
    return stream;
  }

  /** Those that are open, and those to come. */
  endAll(code: StreamEnd): void {
    this.#allEnd = code;
    for (const stream of this.#open) stream.end(code);
  }
}

/** One running subscription: what ends it, and its answers until then. */
export class Stream {
  readonly #controller = new AbortController();
  readonly #onBegin: () => void;
  readonly #onClose: () => void;
  #end: StreamEnd | undefined;

  constructor(onBegin: () => void, onClose: () => void) {
    this.#onBegin = onBegin;
    this.#onClose = onClose;
  }

  /** Aborts when nobody wants its events any more. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Stops it at its source; the client is told why when it takes the next answer. */
  end(code: StreamEnd): void {
    if (this.signal.aborted) return;
    this.#end = code;
    this.#controller.abort();
  }

  /** The client has left, or has the last answer. */
  close(): void {
    this.#controller.abort();
    this.#onClose();
  }

  /**
   * The answers for the client. Returning it closes the stream first: a generator that waits for its next event would
   * hear of its return only after that event.
   */
  carry(source: AsyncIterable<ExecutionResult>): AsyncGenerator<ExecutionResult, void, void> {
    this.#onBegin();
    const answers = this.#answers(source);
    const close = (): void => this.close();
    return {
      next: () => answers.next(),
      return: () => {
        close();
        return answers.return();
      },
      throw: (reason) => {
        close();
        return answers.throw(reason);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      [Symbol.asyncDispose]: async () => {
        close();
        await answers.return();
      },
    };
  }

  async *#answers(source: AsyncIterable<ExecutionResult>): AsyncGenerator<ExecutionResult, void, void> {
    try {
      yield* source;
      const code = this.#end;
      if (code !== undefined)
        yield { errors: [new GraphQLError(requestErrors[code], { extensions: { code } })], data: null };
    } finally {
      this.close();
    }
  }
}
