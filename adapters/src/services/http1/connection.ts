import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Deadlines, Expiring } from "./deadlines.ts";
import type { Outbox } from "./outbox.ts";
import type { Outcome, ResponseReader } from "./response-reader.ts";

/** Where a connection leads. */
export type Address = { readonly protocol: "http:" | "https:"; readonly host: string; readonly port: number };

/** How an exchange ended. After `notConnected` nothing was sent; `lost` may have been answered by nobody, or half. */
export type Ended =
  | Outcome
  | { readonly kind: "notConnected" }
  | { readonly kind: "lost"; readonly isUnanswered: boolean };

/** One request with its response, as a connection sees it. */
export interface Carried {
  /** Head and body. */
  readonly message: string;
  /** How they are written: where each character is a byte, that is a mere copy. */
  readonly encoding: "latin1" | "utf8";
  readonly reader: ResponseReader;
  /** It is this connection that carries it, from now on. */
  begun(connection: Connection): void;
  /** Called once, unless the connection was told to drop it. */
  ended(how: Ended): void;
}

/** Who owns a connection. */
export type Owner = {
  /** For connections that are being made from now on. */
  connecting: Deadlines;
  readonly outbox: Outbox;
  /** It has answered, and may carry another request. */
  readonly onFree: (connection: Connection) => void;
  /** It is connected, and has nothing to carry yet. */
  readonly onOpen: (connection: Connection) => void;
  readonly onClosed: (connection: Connection) => void;
};

/** A server that says nothing of it keeps idle connections 5 s and more; ours end before. */
const defaultIdleMs = 4_000;
/** A request needs time to get there. */
const idleMarginMs = 1_000;
const maxIdleMs = 60_000;

/**
 * What all plain connections read into: the bytes are looked at before anything else can be read, and what is needed
 * longer is copied. A buffer of its own for each read would be allocated, cut and collected again.
 */
const shared = Buffer.allocUnsafeSlow(64 * 1_024);

/** One kept connection. It carries one request at a time: behind a slow answer nobody waits. */
export class Connection implements Expiring {
  seat: number | undefined;
  deadline = 0;
  readonly #owner: Owner;
  readonly #connecting: Deadlines;
  readonly #socket: Socket;
  #carried: Carried | undefined;
  #isConnected = false;
  #hasAnswered = false;
  #hasHeard = false;
  #idleUntil = 0;

  constructor(address: Address, owner: Owner) {
    this.#owner = owner;
    this.#connecting = owner.connecting;
    this.#socket = this.#connect(address);
    this.#socket.on("error", ignored).on("end", this.#onEnd).on("close", this.#onClose);
    this.#connecting.add(this);
  }

  /** Whether it has answered before: then it may have been closed by the other side in this moment. */
  get isReused(): boolean {
    return this.#hasAnswered;
  }

  /** Whether the server still keeps it, at this time of `performance.now()`. */
  isUsable(now: number): boolean {
    return now < this.#idleUntil && !this.#socket.destroyed;
  }

  carry(one: Carried): void {
    this.#carried = one;
    this.#hasHeard = false;
    one.begun(this);
    this.#owner.outbox.add(this.#socket, one);
  }

  /** Ends it without a word to what it carries. */
  drop(): void {
    this.#carried = undefined;
    this.#socket.destroy();
  }

  /** The connection is not made in time. */
  expire(): void {
    this.#socket.destroy();
  }

  #connect({ protocol, host, port }: Address): Socket {
    const onConnect = (): void => {
      this.#isConnected = true;
      this.#connecting.remove(this);
      if (this.#carried !== undefined) return;
      this.#idleUntil = performance.now() + defaultIdleMs;
      this.#owner.onOpen(this);
    };
    if (protocol === "https:")
      return connectTls({ host, port, ...nameOf(host), ALPNProtocols: ["http/1.1"] }, onConnect)
        .setNoDelay(true)
        .on("data", (bytes: Buffer) => this.#onBytes(bytes));
    const callback = (size: number): boolean => {
      this.#onBytes(shared.subarray(0, size));
      return true;
    };
    return connectTcp({ host, port, noDelay: true, onread: { buffer: shared, callback } }, onConnect);
  }

  #onBytes(bytes: Buffer): void {
    const carried = this.#carried;
    // Nobody asked for what comes now.
    if (carried === undefined) return void this.#socket.destroy();
    this.#hasHeard = true;
    const outcome = carried.reader.read(bytes);
    if (outcome !== undefined) this.#end(carried, outcome);
  }

  #end(carried: Carried, outcome: Outcome): void {
    this.#carried = undefined;
    this.#hasAnswered = true;
    if (outcome.kind === "response" && outcome.isReusable) {
      const idleMs = Math.min(maxIdleMs, outcome.head.idleMs ?? defaultIdleMs + idleMarginMs) - idleMarginMs;
      this.#idleUntil = performance.now() + idleMs;
      this.#owner.onFree(this);
    } else this.#socket.destroy();
    carried.ended(outcome);
  }

  readonly #onEnd = (): void => {
    const outcome = this.#carried?.reader.end();
    if (this.#carried !== undefined && outcome !== undefined) this.#end(this.#carried, outcome);
    this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#connecting.remove(this);
    this.#owner.onClosed(this);
    const carried = this.#carried;
    this.#carried = undefined;
    carried?.ended(this.#isConnected ? { kind: "lost", isUnanswered: !this.#hasHeard } : { kind: "notConnected" });
  };
}

/** An address has no name that a certificate could be asked for by (RFC 6066, 3). */
function nameOf(host: string): { readonly servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

/** What went wrong shows in how it closes. */
function ignored(): void {}
