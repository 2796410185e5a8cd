import { type Client, createClient, gatewayV1, type RpcTransport } from "@catalyst-node/adapters/rpc";
import type { Problem } from "@catalyst-node/core/model";
import type { Event, GatewayStatus, Revision, Sections } from "@catalyst-node/core/node";
import { decodeResults, decodeStatus } from "./gateway-decode.ts";
import { encodeConfigure } from "./gateway-encode.ts";
import { Session } from "./session.ts";

/** A large schema is built in seconds; after this long nobody answers any more. */
const configureMs = 30_000;
const statusMs = 2_000;

/** The orchestrator's side of the gateway's contract: watches its status, and sends configurations. */
export class GatewayLink extends Session<GatewayStatus> {
  readonly #client: Client<typeof gatewayV1.GatewayService>;
  readonly #post: (event: Event) => void;

  constructor(transport: RpcTransport, address: string, post: (event: Event) => void) {
    super(transport, address);
    this.#client = createClient(gatewayV1.GatewayService, transport);
    this.#post = post;
  }

  /** Sends a configuration; the answer, or that there is none, comes as an event. */
  async configure(revision: Revision, sections: Partial<Sections>): Promise<void> {
    try {
      const options = { timeoutMs: configureMs, signal: this.signal };
      const { results, status } = await this.#client.configure(encodeConfigure(revision, sections), options);
      this.#post({ kind: "gatewayAnswered", revision, results: decodeResults(results), status: decodeStatus(status) });
    } catch (error) {
      this.#post({ kind: "gatewayUnanswered", revision, problem: this.toProblem(error) });
    }
  }

  protected override async watch(onConnected: () => void, signal: AbortSignal): Promise<void> {
    let connected = false;
    for await (const { status } of this.#client.watchStatus({}, { signal })) {
      const decoded = decodeStatus(status);
      if (!connected) onConnected();
      this.#post({ kind: connected ? "gatewayTold" : "gatewayConnected", status: decoded });
      connected = true;
    }
  }

  protected override async status(signal: AbortSignal): Promise<GatewayStatus> {
    const { status } = await this.#client.getStatus({}, { timeoutMs: statusMs, signal });
    return decodeStatus(status);
  }

  protected override lost(problem: Problem): void {
    this.#post({ kind: "gatewayLost", problem });
  }
}
