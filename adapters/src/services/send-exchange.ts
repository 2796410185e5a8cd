import type { ServiceAnswer, ServiceFailureCode } from "@catalyst-node/core/execution";
import type { Connection, Carried, Ended } from "./http1/connection.ts";
import type { Connections } from "./http1/connections.ts";
import type { Deadlines, Expiring } from "./http1/deadlines.ts";
import { ResponseReader } from "./http1/response-reader.ts";
import { onAbort } from "./on-abort.ts";
import { codeOf, failed, isReadable, readBody } from "./send-response.ts";

/** In bytes: to parse a text so long, and to go on at once, would keep all others waiting for too long. */
const largeText = 256 * 1024;

/** How one try ended. After `notConnected` nothing was sent, so another endpoint may be asked. */
export type Exchanged = ServiceAnswer | typeof notConnected;
const notConnected = { kind: "notConnected" } as const;

export type ExchangeOptions = {
  readonly connections: Connections;
  /** Head and body of the request. */
  readonly message: string;
  readonly encoding: Carried["encoding"];
  /** Whether it may be sent twice. */
  readonly isSafe: boolean;
  readonly signal: AbortSignal;
  /** From now to the last byte. */
  readonly deadlines: Deadlines;
  readonly maxBytes: number;
};

/** One request to one endpoint until its answer is parsed. Never rejects. */
export function exchange(options: ExchangeOptions): Promise<Exchanged> {
  return new Promise((settle) => new Exchange(options, settle).begin());
}

class Exchange implements Carried, Expiring {
  readonly message: string;
  readonly encoding: Carried["encoding"];
  reader: ResponseReader;
  readonly #options: ExchangeOptions;
  readonly #settle: (how: Exchanged) => void;
  readonly #forgetAbort: () => void;
  #connection: Connection | undefined;
  #isRepeated = false;

  constructor(options: ExchangeOptions, settle: (how: Exchanged) => void) {
    this.message = options.message;
    this.encoding = options.encoding;
    this.reader = new ResponseReader(isReadable, options.maxBytes);
    this.#options = options;
    this.#settle = settle;
    this.#forgetAbort = onAbort(options.signal, () => this.#giveUp("REQUEST_ABORTED"));
  }

  begin(): void {
    this.#options.deadlines.add(this);
    this.#options.connections.carry(this);
  }

  begun(connection: Connection): void {
    this.#connection = connection;
  }

  ended(how: Ended): void {
    const reused = this.#connection?.isReused;
    this.#connection = undefined;
    switch (how.kind) {
      case "response":
        return this.#end(readBody(how.head, how.body), how.body.length >= largeText);
      case "refused":
        return this.#end(failed(codeOf(how.status)));
      case "malformed":
        return this.#end(failed("SERVICE_BAD_RESPONSE"));
      case "notConnected":
        return this.#end(notConnected);
      case "lost":
        // A server may close a kept connection in the moment in which it is used again.
        if (how.isUnanswered && reused && this.#options.isSafe && !this.#isRepeated) this.#repeat();
        else this.#end(failed("SERVICE_UNAVAILABLE"));
    }
  }

  expire(): void {
    this.#giveUp("SERVICE_TIMEOUT");
  }

  #repeat(): void {
    this.#isRepeated = true;
    this.reader = new ResponseReader(isReadable, this.#options.maxBytes);
    this.#options.connections.carry(this, true);
  }

  #giveUp(code: ServiceFailureCode): void {
    if (this.#connection === undefined) this.#options.connections.forget(this);
    else this.#connection.drop();
    this.#end(failed(code));
  }

  /** `afterOthers`: whatever else is ready has its turn before who waits for this. */
  #end(how: Exchanged, afterOthers = false): void {
    this.#options.deadlines.remove(this);
    this.#forgetAbort();
    if (afterOthers) setImmediate(this.#settle, how);
    else this.#settle(how);
  }
}
