import { authV1, type Client, createClient, type RpcTransport } from "@catalyst-node/adapters/rpc";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import type { AuthStatus, Event } from "@catalyst-node/core/node";
import { decodeAuthStatus, decodeOwnTrust } from "./auth-decode.ts";
import { Session } from "./session.ts";

const statusMs = 2_000;

/** The orchestrator's side of auth's contract: watches what verifiers have to know, and hands calls on. */
export class AuthLink implements AsyncDisposable {
  /** For calls of the admin socket; each brings its own deadline. */
  readonly client: Client<typeof authV1.AuthService>;
  readonly #transport: RpcTransport;
  readonly #session: Session;
  readonly #post: (event: Event) => void;

  constructor(transport: RpcTransport, address: string, post: (event: Event) => void) {
    this.#transport = transport;
    this.client = createClient(authV1.AuthService, transport);
    this.#post = post;
    this.#session = new Session({
      address,
      watch: (connected, signal) => this.#watch(connected, signal),
      lost: (problem) => post({ kind: "authLost", problem }),
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
  async probe(): Promise<Result<AuthStatus>> {
    try {
      return ok(await this.#status(this.#session.signal));
    } catch (error) {
      return fail(this.#session.toProblem(error));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.#session[Symbol.asyncDispose]();
    this.#transport[Symbol.dispose]();
    await ended;
  }

  async #watch(onConnected: () => void, signal: AbortSignal): Promise<void> {
    let connected = false;
    for await (const told of this.client.watchTrust({}, { signal })) {
      const trust = decodeOwnTrust(told);
      if (connected) this.#post({ kind: "authTold", trust });
      const status = await this.#status(signal);
      if (!connected) onConnected();
      this.#post(connected ? { kind: "authShown", status } : { kind: "authConnected", status, trust });
      connected = true;
    }
  }

  /** How it fares, asked with each word of the stream: that is how often it changes, and once in 10 s. */
  async #status(signal: AbortSignal): Promise<AuthStatus> {
    return decodeAuthStatus(await this.client.getStatus({}, { timeoutMs: statusMs, signal }));
  }
}
