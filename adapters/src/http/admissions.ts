import { Roster, type Seated } from "@catalyst-node/core/model";
import type { Asker } from "./authenticate.ts";
import type { GraphqlEndpoint, OpenStream } from "./endpoint.ts";
import type { Stream, Streams } from "./streams.ts";

/** An endpoint that is held until it is released. */
export type Held = {
  readonly endpoint: GraphqlEndpoint;
  readonly release: () => void;
  /** Aborts when its schema is too old for subscriptions to go on. Never, by default. */
  readonly expired?: AbortSignal;
};

/** What one listener is answering at this moment. */
export class Admissions {
  readonly #streams: Streams;
  readonly #inFlight = new Roster<Admission>();

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** One request or operation, with its deadline from now on. It has to be released. */
  take(held: Held, who: Asker): Admission {
    return new Admission(held, who, this.#inFlight, this.#streams);
  }

  /** Aborts everything that has a single answer; how many that were. */
  cutOff(): number {
    const { size } = this.#inFlight;
    for (const one of this.#inFlight.all) one.cutOff();
    return size;
  }
}

/** Nobody reads it, so one is enough: a new one for each request would carry a stack of its own. */
const clientLeft = new DOMException("the client left", "AbortError");

class Admission implements Seated {
  seat: number | undefined;
  readonly endpoint: GraphqlEndpoint;
  readonly who: Asker;
  readonly #held: Held;
  readonly #inFlight: Roster<Admission>;
  readonly #streams: Streams;
  readonly #controller = new AbortController();
  readonly #deadline: NodeJS.Timeout;
  #stream: Stream | undefined;
  #released = false;

  constructor(held: Held, who: Asker, inFlight: Roster<Admission>, streams: Streams) {
    this.endpoint = held.endpoint;
    this.who = who;
    this.#held = held;
    this.#inFlight = inFlight;
    this.#streams = streams;
    const late = (): void => this.#controller.abort(new DOMException("deadline", "TimeoutError"));
    this.#deadline = setTimeout(late, held.endpoint.settings.limits.requestTimeout);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Counts it as in flight; false when there are as many as there may be. */
  begin(): boolean {
    if (this.#inFlight.size >= this.endpoint.settings.limits.maxInFlight) return false;
    this.#inFlight.add(this);
    return true;
  }

  /** A subscription has no deadline, and needs nothing of its schema's processes once it is planned. */
  readonly openStream: OpenStream = () => {
    this.#stream = this.#streams.open(this.who, this.#held.expired, () => this.release());
    return this.#stream;
  };

  /** Nobody waits for the answer any more. */
  leave(): void {
    this.#controller.abort(clientLeft);
  }

  /** The process stops. */
  cutOff(): void {
    this.#controller.abort(new DOMException("the process stops", "AbortError"));
  }

  /** The connection carries nothing more of it: a stream that nobody ever took ends too. */
  close(): void {
    this.#stream?.close();
  }

  /** Gives back what was held. Again does nothing. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    clearTimeout(this.#deadline);
    this.#inFlight.remove(this);
    this.#held.release();
  }
}
