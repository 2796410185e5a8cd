import { Pool } from "undici";

/** One request of a steady client, and what counts as its answer. */
export type Question = {
  /** What failures are counted by. */
  readonly kind: string;
  readonly body: string;
  /** Beside the content type of JSON, or instead of it. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly isAnswer: (status: number, text: string) => boolean;
};

export type SteadyOptions = {
  /** Requests a second, whether or not those before are answered. */
  readonly rate: number;
  readonly connections?: number;
  /** For `https`: the authority to trust. */
  readonly ca?: string;
  readonly next: (number: number) => Question;
};

/** So many failures are kept in words; all are counted. */
const keptFailures = 20;
/** With so many unanswered the next waits: a machine that cannot keep up is no failure of who answers. */
const mostInFlight = 200;
const tickMs = 5;
const answerMs = 15_000;

/** Asks at a steady rate over connections that it keeps, as an application does; each failure counts, none is tried again. */
export class SteadyClient implements AsyncDisposable {
  readonly #pool: Pool;
  readonly #path: string;
  readonly #options: SteadyOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #failures: string[] = [];
  readonly #began = performance.now();
  #sent = 0;
  #answered = 0;
  readonly #failedNumbers: number[] = [];
  #refused = 0;
  #slowest = 0;

  constructor(url: string, options: SteadyOptions) {
    const { origin, pathname } = new URL(url);
    this.#path = pathname;
    this.#options = options;
    const { connections = 16, ca } = options;
    const connect = ca === undefined ? {} : { connect: { ca } };
    this.#pool = new Pool(origin, { connections, headersTimeout: answerMs, bodyTimeout: answerMs, ...connect });
    this.#timer = setInterval(() => this.#catchUp(), tickMs);
  }

  get sent(): number {
    return this.#sent;
  }

  get answered(): number {
    return this.#answered;
  }

  get failed(): number {
    return this.#failedNumbers.length;
  }

  /** How many found nobody who listens, and so were not sent at all; these are not among the failed. */
  get refused(): number {
    return this.#refused;
  }

  /** How many of the first so many failed. */
  failedBefore(number: number): number {
    return this.#failedNumbers.filter((each) => each < number).length;
  }

  /** The first of them, in words. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** The longest that an answer took, in ms. */
  get slowest(): number {
    return this.#slowest;
  }

  /** Asks nothing more, and waits for what is open. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#inFlight);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.#pool.destroy();
  }

  #catchUp(): void {
    const due = Math.floor(((performance.now() - this.#began) / 1_000) * this.#options.rate);
    for (; this.#sent < due && this.#inFlight.size < mostInFlight; this.#sent += 1) {
      const asked = this.#ask(this.#sent);
      this.#inFlight.add(asked);
      void asked.finally(() => this.#inFlight.delete(asked));
    }
  }

  async #ask(number: number): Promise<void> {
    const question = this.#options.next(number);
    const began = performance.now();
    try {
      const { statusCode, body } = await this.#pool.request({
        method: "POST",
        path: this.#path,
        headers: { "content-type": "application/json", accept: "application/json", ...question.headers },
        body: question.body,
      });
      const text = await body.text();
      if (question.isAnswer(statusCode, text)) this.#answered += 1;
      else this.#fail(number, question, `${statusCode} ${text.slice(0, 300)}`);
    } catch (error) {
      if (Object(error).code === "ECONNREFUSED") this.#refused += 1;
      else this.#fail(number, question, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
    this.#slowest = Math.max(this.#slowest, performance.now() - began);
  }

  #fail(number: number, { kind }: Question, why: string): void {
    this.#failedNumbers.push(number);
    const at = ((performance.now() - this.#began) / 1_000).toFixed(2);
    if (this.#failures.length < keptFailures) this.#failures.push(`${kind} at ${at} s: ${why}`);
  }
}
