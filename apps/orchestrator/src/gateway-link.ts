import { setTimeout as wait } from "node:timers/promises";
import { createClient, gatewayV1, type RpcTransport, toProblem } from "@catalyst-node/adapters/rpc";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import type { Event, GatewayStatus, Revision, Sections } from "@catalyst-node/core/node";
import { decodeResults, decodeStatus } from "./gateway-decode.ts";
import { encodeConfigure } from "./gateway-encode.ts";
import { isSurelyAbsent } from "./head-start.ts";

/** Between two attempts to connect, in milliseconds. */
const firstWaitMs = 20;
const longestWaitMs = 1_000;
/** While a gateway is known to be on its way up, no attempt waits longer than this, in milliseconds. */
const eagerWaitMs = 30;
const eagerMs = 15_000;
/** A large schema is built in seconds; after this long nobody answers any more. */
const configureMs = 30_000;
const probeMs = 2_000;

/** As Node tells of an attempt to connect to a socket that is not there. */
const noSocket = Object.assign(new Error("connect ENOENT"), { code: "ENOENT" });

/** The orchestrator's side of the gateway's contract: watches its status, and sends configurations. */
export class GatewayLink implements AsyncDisposable {
  readonly #client;
  readonly #transport: RpcTransport;
  readonly #address: string;
  readonly #post: (event: Event) => void;
  readonly #ending = new AbortController();
  #hurry = new AbortController();
  #eagerUntil = 0;
  /** The failure told last; the same again is no news. */
  #told = "";
  #watching: Promise<void> | undefined;

  constructor(transport: RpcTransport, address: string, post: (event: Event) => void) {
    this.#transport = transport;
    this.#client = createClient(gatewayV1.GatewayService, transport);
    this.#address = address;
    this.#post = post;
  }

  /** Connects, and connects again whenever that breaks, until it is disposed. */
  start(): void {
    this.#watching ??= this.#watch();
  }

  /** There is reason to believe that somebody answers now, or soon. */
  hurry(): void {
    // Whether it fails from now on is news again: that is how the death of an adopted one is noticed.
    this.#told = "";
    this.#eagerUntil = performance.now() + eagerMs;
    this.#hurry.abort();
  }

  /** Whoever answers at the address now. */
  async probe(): Promise<Result<GatewayStatus>> {
    try {
      const { status } = await this.#client.getStatus({}, { timeoutMs: probeMs, signal: this.#ending.signal });
      return ok(decodeStatus(status));
    } catch (error) {
      return fail(this.#toProblem(error));
    }
  }

  /** Sends a configuration; the answer, or that there is none, comes as an event. */
  async configure(revision: Revision, sections: Partial<Sections>): Promise<void> {
    try {
      const options = { timeoutMs: configureMs, signal: this.#ending.signal };
      const { results, status } = await this.#client.configure(encodeConfigure(revision, sections), options);
      this.#post({ kind: "gatewayAnswered", revision, results: decodeResults(results), status: decodeStatus(status) });
    } catch (error) {
      this.#post({ kind: "gatewayUnanswered", revision, problem: this.#toProblem(error) });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    this.#transport[Symbol.dispose]();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    let pause = firstWaitMs;
    while (!this.#ending.signal.aborted) {
      let connected = false;
      const problem = await this.#watchOnce(() => {
        connected = true;
      });
      if (this.#ending.signal.aborted) return;
      if (connected || this.#told !== problem.message) this.#post({ kind: "gatewayLost", problem });
      this.#told = problem.message;
      if (connected || this.#hurry.signal.aborted) pause = firstWaitMs;
      this.#hurry = new AbortController();
      await wait(pause, undefined, { signal: AbortSignal.any([this.#hurry.signal, this.#ending.signal]) }).catch(
        () => undefined,
      );
      pause = Math.min(performance.now() < this.#eagerUntil ? eagerWaitMs : longestWaitMs, pause * 1.5);
    }
  }

  /** One connection from its first word to its end; answers why it ended. */
  async #watchOnce(onConnected: () => void): Promise<Problem> {
    // An attempt takes 3 ms of CPU; while a gateway starts, a look at its socket does as well.
    if (isSurelyAbsent(this.#address)) return this.#toProblem(noSocket);
    let connected = false;
    try {
      for await (const { status } of this.#client.watchStatus({}, { signal: this.#ending.signal })) {
        const decoded = decodeStatus(status);
        if (!connected) onConnected();
        this.#post({ kind: connected ? "gatewayTold" : "gatewayConnected", status: decoded });
        connected = true;
      }
      return this.#toProblem(new Error("the gateway ended the stream"));
    } catch (error) {
      return this.#toProblem(error);
    }
  }

  #toProblem(error: unknown): Problem {
    return toProblem(error, this.#address);
  }
}
