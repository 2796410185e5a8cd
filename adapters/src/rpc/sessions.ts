import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type ClientSessionRequestOptions,
  type OutgoingHttpHeaders,
} from "node:http2";
import type { Socket } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Http2SessionManager } from "@connectrpc/connect-node";

/** Between two pings, in milliseconds. */
const pingMs = 1000;
/**
 * A peer that has answered none of so many pings in a row is gone. They are counted, not timed: between two counts this
 * process reads what has come, so that its own stall, however long, is not taken for the peer's.
 */
const patience = 4;

/**
 * One HTTP/2 session to a peer, opened when a call needs it and again after it broke. Ours instead of the library's
 * `Http2SessionManager`, which (2.2.0) goes on pinging a session that it has destroyed while a stream was open, and takes
 * its error listener off a session that is still dying: either ends the process by an uncaught exception.
 */
export class Sessions
  implements Pick<Http2SessionManager, "authority" | "request" | "notifyResponseByteRead">, Disposable
{
  readonly authority: string;
  readonly #dial: () => Socket;
  #opening: Promise<ClientHttp2Session> | undefined;
  #session: ClientHttp2Session | undefined;
  readonly #streams = new WeakMap<ClientHttp2Session, number>();

  constructor(authority: string, dial: () => Socket) {
    this.authority = authority;
    this.#dial = dial;
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: Omit<ClientSessionRequestOptions, "signal">,
  ): Promise<ClientHttp2Stream> {
    const session = await this.#usable();
    const stream = session.request({ ...headers, ":method": method, ":path": path }, options);
    // An idle connection keeps no process alive, a call in flight does.
    const streams = (this.#streams.get(session) ?? 0) + 1;
    this.#streams.set(session, streams);
    session.ref();
    stream.once("close", () => this.#ended(session));
    return stream;
  }

  /** Part of the library's interface; the pings see to what it is for. */
  notifyResponseByteRead(): void {}

  [Symbol.dispose](): void {
    // With a reason: without one the calls in flight would not end before their deadline.
    const reason = new ConnectError("the transport was disposed of", Code.Canceled);
    this.#session?.destroy(reason, constants.NGHTTP2_CANCEL);
  }

  #ended(session: ClientHttp2Session): void {
    const streams = (this.#streams.get(session) ?? 1) - 1;
    this.#streams.set(session, streams);
    if (streams === 0) session.unref();
  }

  async #usable(): Promise<ClientHttp2Session> {
    const session = this.#session;
    // One that is still connecting would tell its failure as a cancelled stream, not as a peer that is away.
    if (this.#opening === undefined && session !== undefined && !session.closed && !session.destroyed) return session;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return await this.#opening;
  }

  #open(): Promise<ClientHttp2Session> {
    const session = connect(this.authority, { createConnection: this.#dial });
    this.#session = session;
    return new Promise((opened, failed) => {
      session.once("connect", () => {
        session.unref();
        watchOver(session);
        opened(session);
      });
      // Stays for the session's life: its streams tell the failure to whoever waits for them.
      session.on("error", failed);
      session.once("close", () => failed(new ConnectError("the connection was closed", Code.Unavailable)));
    });
  }
}

function watchOver(session: ClientHttp2Session): void {
  let unanswered = 0;
  const timer = setInterval(() => {
    if (session.destroyed) return;
    if (unanswered === patience) {
      session.destroy(new ConnectError("the peer does not answer pings", Code.Unavailable), constants.NGHTTP2_CANCEL);
      return;
    }
    unanswered += 1;
    session.ping(() => {
      unanswered = 0;
    });
  }, pingMs);
  timer.unref();
  session.once("close", () => clearInterval(timer));
}
