import type { ServiceAnswer, ServiceFailureCode } from "@catalyst-node/core/execution";
import type { Dispatcher } from "undici";
import { codeOf, failed, type ReadableHead, readBody, readHead } from "./send-response.ts";
import { hasNotConnected } from "./send-try.ts";

/** How one try ended. After `notConnected` nothing was sent, so another endpoint may be asked. */
type Exchanged = ServiceAnswer | typeof notConnected;
const notConnected = { kind: "notConnected" } as const;

/** `timeout` in ms, from now to the last byte. */
type Limits = { readonly timeout: number; readonly maxBytes: number };

/**
 * One request to one endpoint until its answer is parsed, as undici's handler: a body that is read whole needs none of
 * the streams and signals of `request`, which take longer than all else the gateway does for a small answer.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<Exchanged>;
  readonly #signal: AbortSignal;
  readonly #maxBytes: number;
  readonly #settle: (how: Exchanged) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #head: ReadableHead | undefined;
  #isOver = false;
  #size = 0;

  constructor(signal: AbortSignal, { timeout, maxBytes }: Limits) {
    const { promise, resolve } = Promise.withResolvers<Exchanged>();
    this.ended = promise;
    this.#settle = resolve;
    this.#signal = signal;
    this.#maxBytes = maxBytes;
    this.#timer = setTimeout(() => this.#giveUp("SERVICE_TIMEOUT"), timeout);
    if (signal.aborted) this.#giveUp("REQUEST_ABORTED");
    else signal.addEventListener("abort", this.#onAbort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(noLongerWanted);
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200 || this.#isOver) return;
    this.#head = readHead(status, headers, this.#maxBytes);
    // What is left unread would hold the connection.
    if (this.#head === undefined) this.#giveUp(codeOf(status));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes) this.#giveUp(codeOf(this.#head?.status ?? 0));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks, this.#size);
    this.#end(this.#head ? readBody(this.#head, bytes.toString("utf8")) : failed("SERVICE_BAD_RESPONSE"));
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (!this.#isOver) this.#end(hasNotConnected(error) ? notConnected : failed("SERVICE_UNAVAILABLE"));
  }

  readonly #onAbort = (): void => this.#giveUp("REQUEST_ABORTED");

  #giveUp(code: ServiceFailureCode): void {
    this.#end(failed(code));
    this.#controller?.abort(noLongerWanted);
  }

  #end(how: Exchanged): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#settle(how);
  }
}

/** Told to undici alone. */
const noLongerWanted = new Error("the answer is no longer wanted");
