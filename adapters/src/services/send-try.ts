/** One try's end: the request's own, or a time limit, whichever comes first. `end()` it, or it keeps a timer. */
export class TryLimit {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  /** `ms` from now. */
  constructor(outer: AbortSignal, ms: number) {
    this.#outer = outer;
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#controller.abort();
    }, ms);
    if (outer.aborted) this.#controller.abort();
    else outer.addEventListener("abort", this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was the time that ran out. */
  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener("abort", this.#abort);
  }

  readonly #abort = (): void => this.#controller.abort();
}

const connectCodes = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Whether no connection was made at all: then nothing was sent, and another endpoint may be asked, for mutations too.
 * A kept connection can end by the same codes in the middle of a request; the call that failed tells them apart.
 */
export function hasNotConnected(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error) || !connectCodes.has(String(error.code))) return false;
  return !("syscall" in error) || error.syscall === "connect" || error.syscall === "getaddrinfo";
}
