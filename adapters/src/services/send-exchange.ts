import type { ServiceAnswer, ServiceFailureCode } from "@catalyst-node/core/execution";
import type { Connection, Carried, Ended } from "./http1/connection.ts";
import type { Connections } from "./http1/connections.ts";
import type { Deadlines, Expiring } from "./http1/deadlines.ts";
import { ResponseReader } from "./http1/response-reader.ts";
import { codeOf, failed, isReadable, readBody } from "./send-response.ts";

/** In bytes: to parse a text so long, and to go on at once, would keep all others waiting for too long. */
const largeText = 256 * 1024;

/** One endpoint: the first lines of every request to it, and the connections there. */
export type Route = { readonly head: string; readonly connections: Connections };

/** What is to be sent, by the first route that can be connected to. */
export type Sending = {
  readonly routes: readonly Route[];
  /** The other lines, and the body. */
  readonly rest: string;
  readonly encoding: Carried["encoding"];
  /** Whether it may be sent twice. */
  readonly isSafe: boolean;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
};

export type ExchangeLimits = {
  /** For one try, from its start to the last byte. */
  readonly deadlines: Deadlines;
  readonly maxBytes: number;
};

/** One request until its answer is there. */
export class Exchange implements Carried, Expiring {
  message = "";
  readonly encoding: Carried["encoding"];
  reader: ResponseReader;
  readonly #sending: Sending;
  readonly #limits: ExchangeLimits;
  readonly #settle: (answer: ServiceAnswer) => void;
  #connection: Connection | undefined;
  #route: Route | undefined;
  #tried = 0;
  #isRepeated = false;

  /** `settle` is called once. */
  constructor(sending: Sending, limits: ExchangeLimits, settle: (answer: ServiceAnswer) => void) {
    this.encoding = sending.encoding;
    this.reader = new ResponseReader(isReadable, limits.maxBytes);
    this.#sending = sending;
    this.#limits = limits;
    this.#settle = settle;
  }

  /** Tries the next route: the one before, if any, never got the request. */
  begin(): void {
    const route = this.#sending.routes[this.#tried];
    if (route === undefined) return this.#end(failed("SERVICE_UNAVAILABLE"));
    this.#tried += 1;
    this.#route = route;
    this.message = route.head + this.#sending.rest;
    this.#limits.deadlines.add(this);
    route.connections.carry(this);
  }

  begun(connection: Connection): void {
    this.#connection = connection;
  }

  ended(how: Ended): void {
    const isReused = this.#connection?.isReused === true;
    this.#connection = undefined;
    switch (how.kind) {
      case "response":
        return this.#end(readBody(how.head, how.body), how.body.length >= largeText);
      case "refused":
        return this.#end(failed(codeOf(how.status)));
      case "malformed":
        return this.#end(failed("SERVICE_BAD_RESPONSE"));
      case "notConnected":
        return this.begin();
      case "lost":
        // A server may close a kept connection in the moment in which it is used again.
        if (how.isUnanswered && isReused && this.#sending.isSafe && !this.#isRepeated) this.#repeat();
        else this.#end(failed("SERVICE_UNAVAILABLE"));
    }
  }

  expire(): void {
    this.#giveUp("SERVICE_TIMEOUT");
  }

  isLeft(): boolean {
    return this.#sending.signal.aborted;
  }

  leave(): void {
    this.#giveUp("REQUEST_ABORTED");
  }

  #repeat(): void {
    this.#isRepeated = true;
    this.reader = new ResponseReader(isReadable, this.#limits.maxBytes);
    this.#route?.connections.carry(this, true);
  }

  #giveUp(code: ServiceFailureCode): void {
    if (this.#connection === undefined) this.#route?.connections.forget(this);
    else this.#connection.drop();
    this.#end(failed(code));
  }

  /** `afterOthers`: whatever else is ready has its turn before who waits for this. */
  #end(answer: ServiceAnswer, afterOthers = false): void {
    this.#limits.deadlines.remove(this);
    if (afterOthers) setImmediate(this.#settle, answer);
    else this.#settle(answer);
  }
}
