import { createClient, gatewayV1, type RpcTransport } from "@catalyst-node/adapters/rpc";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import type { Event, GatewayStatus, Revision, Sections } from "@catalyst-node/core/node";
import { decodeResults, decodeStatus } from "./gateway-decode.ts";
import { encodeConfigure } from "./gateway-encode.ts";
import { Session } from "./session.ts";

/** A large schema is built in seconds; after this long nobody answers any more. */
const configureMs = 30_000;
const probeMs = 2_000;

/** The orchestrator's side of the gateway's contract: watches its status, and sends configurations. */
export class GatewayLink implements AsyncDisposable {
  readonly #client;
  readonly #transport: RpcTransport;
  readonly #session: Session;
  readonly #post: (event: Event) => void;

  constructor(transport: RpcTransport, address: string, post: (event: Event) => void) {
    this.#transport = transport;
    this.#client = createClient(gatewayV1.GatewayService, transport);
    this.#post = post;
    this.#session = new Session({
      address,
      watch: (connected, signal) => this.#watch(connected, signal),
      lost: (problem) => post({ kind: "gatewayLost", problem }),
    });
  }

  /** Connects, and connects again whenever that breaks, until it is disposed. */
  start(): void {
    this.#session.start();
  }

  /** There is reason to believe that somebody answers now, or soon. */
  hurry(): void {
    this.#session.hurry();
  }

  /** Whoever answers at the address now. */
  async probe(): Promise<Result<GatewayStatus>> {
    try {
      const { status } = await this.#client.getStatus({}, { timeoutMs: probeMs, signal: this.#session.signal });
      return ok(decodeStatus(status));
    } catch (error) {
      return fail(this.#session.toProblem(error));
    }
  }

  /** Sends a configuration; the answer, or that there is none, comes as an event. */
  async configure(revision: Revision, sections: Partial<Sections>): Promise<void> {
    try {
      const options = { timeoutMs: configureMs, signal: this.#session.signal };
      const { results, status } = await this.#client.configure(encodeConfigure(revision, sections), options);
      this.#post({ kind: "gatewayAnswered", revision, results: decodeResults(results), status: decodeStatus(status) });
    } catch (error) {
      this.#post({ kind: "gatewayUnanswered", revision, problem: this.#session.toProblem(error) });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.#session[Symbol.asyncDispose]();
    this.#transport[Symbol.dispose]();
    await ended;
  }

  async #watch(onConnected: () => void, signal: AbortSignal): Promise<void> {
    let connected = false;
    for await (const { status } of this.#client.watchStatus({}, { signal })) {
      const decoded = decodeStatus(status);
      if (!connected) onConnected();
      this.#post({ kind: connected ? "gatewayTold" : "gatewayConnected", status: decoded });
      connected = true;
    }
  }
}
