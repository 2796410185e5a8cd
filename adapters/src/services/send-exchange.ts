import type { ServiceAnswer, ServiceFailureCode } from "@catalyst-node/core/execution";
import type { Connection, Carried, Ended } from "./http1/connection.ts";
import type { Expiring } from "./http1/deadlines.ts";
import type { ResponseHead } from "./http1/head.ts";
import { ResponseReader } from "./http1/response-reader.ts";
import { type Route, Unconnected } from "./route.ts";
import type { ExchangeLimits, Sending } from "./sending.ts";
import { codeOf, failed, isReadable, readBody } from "./send-response.ts";
import { type Failure, pauseAfter, pauseAfterLoss } from "./send-retry.ts";

/** In bytes: to parse a text so long, and to go on at once, would keep all others waiting for too long. */
const largeText = 256 * 1024;

/** How often the time for a connection to be made is waited for one: a service that restarts is back soon. */
const connectTries = 2;

/** One request until its answer is there. */
export class Exchange implements Carried, Expiring {
  message = "";
  seat: number | undefined;
  deadline = 0;
  readonly encoding: Carried["encoding"];
  reader: ResponseReader;
  readonly #sending: Sending;
  readonly #limits: ExchangeLimits;
  readonly #settle: (answer: ServiceAnswer) => void;
  #connection: Connection | undefined;
  #route: Route | undefined;
  /** Of the routes, which one is the first to be tried, and how many have been. */
  #first = 0;
  #tried = 0;
  #isRepeated = false;
  #isFresh = false;
  #startedAt = 0;
  #isWaiting = false;
  #unconnected: Unconnected | undefined;
  #pause: NodeJS.Timeout | undefined;

  /** `settle` is called once. */
  constructor(sending: Sending, limits: ExchangeLimits, settle: (answer: ServiceAnswer) => void) {
    this.encoding = sending.encoding;
    this.reader = new ResponseReader(isReadable, limits.maxResponse);
    this.#sending = sending;
    this.#limits = limits;
    this.#settle = settle;
  }

  begin(): void {
    this.#startedAt = this.#limits.deadlines.add(this);
    this.#carry();
  }

  begun(connection: Connection): void {
    this.#connection = connection;
    if (this.#isWaiting) this.#waitNoMore();
    // To have waited for a service takes nothing from the time that it has to answer.
    if (this.#unconnected !== undefined) this.#limits.deadlines.add(this);
  }

  ended(how: Ended): void {
    const isReused = this.#connection?.isReused === true;
    this.#connection = undefined;
    if (this.#isWaiting) this.#waitNoMore();
    if (how.kind === "notConnected") return this.#notConnected();
    const route = this.#route;
    if (route !== undefined) this.#unconnected?.remove(route);
    switch (how.kind) {
      case "response": {
        const answer = readBody(how.head, how.body);
        if (answer.kind === "failed") return this.#refused(how.head);
        route?.breaker.succeeded();
        return this.#end(answer, how.body.length >= largeText);
      }
      case "refused":
        return this.#refused(how.head);
      case "malformed":
        this.#fail();
        return this.#end(failed("SERVICE_BAD_RESPONSE"));
      case "lost": {
        const isAlongside = route?.breaker.lost(this.#startedAt) === true;
        if (!how.isUnanswered) return this.#end(failed("SERVICE_UNAVAILABLE"));
        // A server may close a kept connection in the moment in which it is used again: another will do, at once.
        const isRace = isReused && !isAlongside && !this.#isFresh;
        return this.#repeat({ code: "SERVICE_UNAVAILABLE", pause: isRace ? 0 : pauseAfterLoss(), isRace, isAlongside });
      }
    }
  }

  expire(): void {
    // What only waited for its turn, or to be asked again, tells nothing of the service.
    if (this.#connection === undefined) this.#route?.breaker.released();
    else this.#fail();
    this.#giveUp("SERVICE_TIMEOUT");
  }

  isLeft(): boolean {
    return this.#sending.signal.aborted;
  }

  leave(): void {
    this.#route?.breaker.released();
    this.#unconnected?.release();
    this.#giveUp("REQUEST_ABORTED");
  }

  /** By the next route: those before, if any, never got the request. */
  #carry(): void {
    const { routes, rest } = this.#sending;
    while (this.#tried < routes.length) {
      const route = routes[(this.#first + this.#tried) % routes.length];
      this.#tried += 1;
      if (route === undefined || !route.breaker.admits()) continue;
      this.#route = route;
      this.message = route.head + rest;
      return route.connections.carry(this, this.#isFresh);
    }
    this.#waitForConnection();
  }

  #notConnected(): void {
    this.#unconnected ??= new Unconnected();
    if (this.#route !== undefined) this.#unconnected.add(this.#route);
    if (this.#tried === this.#sending.routes.length) return this.#waitForConnection();
    this.#startedAt = this.#limits.deadlines.add(this);
    this.#carry();
  }

  /** There may be one in a moment: nothing was sent, so whatever it is may wait for it. */
  #waitForConnection(): void {
    const route = this.#unconnected?.first;
    if (route === undefined) {
      this.#limits.counters.refusedByBreaker += 1;
      return this.#end(failed("SERVICE_UNAVAILABLE"));
    }
    const until = this.#startedAt + connectTries * this.#limits.connectTimeout;
    if (performance.now() >= until) return this.#end(failed("SERVICE_UNAVAILABLE"));
    this.#route = route;
    this.message = route.head + this.#sending.rest;
    this.#isWaiting = true;
    this.#sending.load.waiting += 1;
    route.connections.wait(this, until);
  }

  #waitNoMore(): void {
    this.#isWaiting = false;
    this.#sending.load.waiting -= 1;
  }

  #refused(head: ResponseHead): void {
    if (head.status >= 500) this.#fail();
    else this.#route?.breaker.succeeded();
    const pause = pauseAfter(head);
    if (pause === undefined) this.#end(failed(codeOf(head.status)));
    else this.#repeat({ code: codeOf(head.status), pause });
  }

  /** Once more, when it may be: at the next endpoint, or over a fresh connection to the same. */
  #repeat({ code, pause, isRace = false, isAlongside = false }: Failure): void {
    const { counters, retryBudget } = this.#limits;
    const { isSafe, load } = this.#sending;
    if (!isSafe || (this.#isRepeated && !isRace) || retryBudget === 0) return this.#end(failed(code));
    if (!isAlongside && !load.budget.take(retryBudget)) {
      counters.retriesDenied += 1;
      return this.#end(failed(code));
    }
    counters.retries += 1;
    if (isRace) this.#isFresh = true;
    else this.#isRepeated = true;
    const first = this.#first + this.#tried - (isRace ? 1 : 0);
    if (pause === 0) return this.#again(first);
    this.#pause = setTimeout(() => this.#again(first), pause).unref();
  }

  #again(first: number): void {
    this.#pause = undefined;
    this.#first = first;
    this.#tried = 0;
    this.reader = new ResponseReader(isReadable, this.#limits.maxResponse);
    this.begin();
  }

  #giveUp(code: ServiceFailureCode): void {
    clearTimeout(this.#pause);
    if (this.#isWaiting) this.#waitNoMore();
    if (this.#connection === undefined) this.#route?.connections.forget(this);
    else this.#connection.drop();
    this.#end(failed(code));
  }

  #fail(): void {
    this.#route?.breaker.failed();
  }

  /** `afterOthers`: whatever else is ready has its turn before who waits for this. */
  #end(answer: ServiceAnswer, afterOthers = false): void {
    this.#limits.deadlines.remove(this);
    this.#unconnected?.fail();
    if (afterOthers) setImmediate(this.#settle, answer);
    else this.#settle(answer);
  }
}
