import { authV1, createClient, rpcTransport, type RpcTransport, timestampDate } from "@catalyst-node/adapters/rpc";
import { formatProblem } from "@catalyst-node/core/model";
import type { SigningService } from "./read-trust.ts";

/** A token that was signed; `expiresAt` in ms of the epoch. */
export type Signed = { readonly token: string; readonly kid: string; readonly expiresAt: number };

/** Has tokens of the gateway signed; a port, because the private keys are another process's. */
export interface Signer {
  /** Undefined when there is none to be had; within a second in any case. Never rejects. */
  sign(request: {
    readonly subject: string;
    readonly audience: string;
    readonly scope: readonly string[];
  }): Promise<Signed | undefined>;
}

/** For one signature, the connection included, in milliseconds. */
const deadlineMs = 1_000;
/** Nothing else is put into a header of a request; 8 KiB is what a token may have. */
const compact = /^(?=.{1,8192}$)[\w-]+\.[\w-]+\.[\w-]+$/;

/** Auth, as a gateway reaches it: connected to when it is first asked, and again when it has come back. */
export class AuthSigner implements Signer, Disposable {
  readonly #service: SigningService;
  /** Hears why there was no token; as often as somebody wanted one. */
  readonly #onFailed: (why: string) => void;
  #transport: Promise<RpcTransport> | undefined;
  #isDisposed = false;

  constructor(service: SigningService, onFailed: (why: string) => void) {
    this.#service = service;
    this.#onFailed = onFailed;
  }

  async sign({ subject, audience, scope }: Parameters<Signer["sign"]>[0]): Promise<Signed | undefined> {
    const signal = AbortSignal.timeout(deadlineMs);
    try {
      const client = createClient(authV1.AuthService, await this.#connected());
      const value = { subject, audience, scope: [...scope] };
      const { token, kid, expiresAt } = await client.sign({ token: { case: "subject", value } }, { signal });
      if (!compact.test(token) || expiresAt === undefined) throw new Error("auth answered no token");
      return { token, kid, expiresAt: timestampDate(expiresAt).getTime() };
    } catch (error) {
      this.#onFailed(error instanceof Error ? error.message : "it failed");
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    void this.#transport?.then(
      (transport) => transport[Symbol.dispose](),
      () => undefined,
    );
  }

  async #connected(): Promise<RpcTransport> {
    if (this.#isDisposed) throw new Error("another auth has taken its place");
    return await (this.#transport ??= this.#open().catch((error: unknown) => {
      // Files that cannot be used may be mended: they are looked at again by the next.
      this.#transport = undefined;
      throw error;
    }));
  }

  async #open(): Promise<RpcTransport> {
    const { address, secretFile, tls } = this.#service;
    const opened = await rpcTransport({
      address,
      timeoutMs: deadlineMs,
      ...(secretFile !== undefined && { secretFile }),
      ...(tls && { tls }),
    });
    if (!opened.ok) throw new Error(opened.problems.map(formatProblem).join("; "));
    return opened.value;
  }
}
