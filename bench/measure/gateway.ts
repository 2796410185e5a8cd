import { acme, Gateway } from "../../apps/gateway/src/testing/gateway.ts";
import { temporaryFolder } from "../../tests/support/folder.ts";
import { type Probe, probeIn } from "./probe.ts";

/** A real gateway process with a probe in it, quiet, and told who it is. */
export class MeasuredGateway implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  readonly gateway: Gateway;
  readonly probe: Probe;

  private constructor(stack: AsyncDisposableStack, gateway: Gateway, probe: Probe) {
    this.#stack = stack;
    this.gateway = gateway;
    this.probe = probe;
  }

  static async start(flags: readonly string[] = []): Promise<MeasuredGateway> {
    await using stack = new AsyncDisposableStack();
    const probe = probeIn(stack.use(await temporaryFolder()).path);
    const gateway = stack.use(await Gateway.start(["--log-level", "warn", ...flags], { env: probe.env }));
    await gateway.configure({ identity: acme });
    return new MeasuredGateway(stack.move(), gateway, probe);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
