import { authV1, type Client, createClient, type RpcTransport } from "@catalyst-node/adapters/rpc";
import type { Problem } from "@catalyst-node/core/model";
import type { AuthStatus, Event } from "@catalyst-node/core/node";
import { decodeAuthStatus, decodeOwnTrust } from "./auth-decode.ts";
import { Session } from "./session.ts";

const statusMs = 2_000;

/** The orchestrator's side of auth's contract: watches what verifiers have to know, and hands calls on. */
export class AuthLink extends Session<AuthStatus> {
  /** For calls of the admin socket; each brings its own deadline. */
  readonly client: Client<typeof authV1.AuthService>;
  readonly #post: (event: Event) => void;

  constructor(transport: RpcTransport, address: string, post: (event: Event) => void) {
    super(transport, address);
    this.client = createClient(authV1.AuthService, transport);
    this.#post = post;
  }

  protected override async watch(onConnected: () => void, signal: AbortSignal): Promise<void> {
    let connected = false;
    for await (const told of this.client.watchTrust({}, { signal })) {
      const trust = decodeOwnTrust(told);
      if (connected) this.#post({ kind: "authTold", trust });
      // Asked with each word of the stream: that is how often it changes, and once in 10 s.
      const status = await this.status(signal);
      if (!connected) onConnected();
      this.#post(connected ? { kind: "authShown", status } : { kind: "authConnected", status, trust });
      connected = true;
    }
  }

  protected override async status(signal: AbortSignal): Promise<AuthStatus> {
    return decodeAuthStatus(await this.client.getStatus({}, { timeoutMs: statusMs, signal }));
  }

  protected override lost(problem: Problem): void {
    this.#post({ kind: "authLost", problem });
  }
}
