import { type Address, type Carried, Connection, type Owner } from "./connection.ts";
import type { Deadlines } from "./deadlines.ts";
import { Dialer } from "./dialer.ts";
import { Outbox } from "./outbox.ts";

/** The connections to one origin: kept while they are used, bounded, the latest used first. */
export class Connections {
  readonly #address: Address;
  readonly #most: number;
  readonly #owner: Owner;
  readonly #all = new Set<Connection>();
  /** The latest used last: the others may idle away. */
  readonly #idle: Connection[] = [];
  /** For one of those that there are. */
  readonly #waiting = new Set<Carried>();
  readonly #dialer = new Dialer(() => this.#dial());
  #dialed: Connection | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #isClosing = false;
  #isDestroyed = false;

  /** `connecting`: until when a connection has to be made; `most`: connections at once, more requests wait. */
  constructor(address: Address, connecting: Deadlines, most: number) {
    this.#address = address;
    this.#most = most;
    this.#owner = {
      connecting,
      outbox: new Outbox(),
      onFree: (one) => this.#onFree(one),
      onOpen: (one) => this.#onOpen(one),
      onClosed: (one) => this.#onClosed(one),
    };
  }

  /** For connections that are made from now on. */
  setConnecting(connecting: Deadlines): void {
    this.#owner.connecting = connecting;
  }

  /**
   * Over a connection that is idle, or a new one, or as soon as there is one; not at all while it is known that none can
   * be made. `fresh`: over none that was used.
   */
  carry(one: Carried, fresh = false): void {
    if (this.#isDestroyed) return one.ended(lost);
    const idle = fresh ? undefined : this.#takeIdle();
    if (idle !== undefined) return idle.carry(one);
    if (this.#dialer.isActive) return one.ended(notConnected);
    const connection = this.#open();
    if (connection === undefined) this.#waiting.add(one);
    else connection.carry(one);
  }

  /** As soon as it can be connected to, until this time of `performance.now()`. */
  wait(one: Carried, until: number): void {
    if (this.#isDestroyed) one.ended(lost);
    else this.#dialer.wait(one, until);
  }

  /** Tells when it can be connected to, until this time of `performance.now()`. */
  watch(tell: () => void, until: number): void {
    if (!this.#isClosing) this.#dialer.watch(tell, until);
  }

  /** Takes back what is still waiting. */
  forget(one: Carried): void {
    this.#waiting.delete(one);
    this.#dialer.forget(one);
  }

  /** Lets what is in flight end. */
  close(): void {
    this.#isClosing = true;
    clearInterval(this.#sweep);
    for (const connection of this.#idle.splice(0)) connection.drop();
  }

  /** Ends everything; what was carried hears of it as lost. */
  destroy(): void {
    this.close();
    this.#isDestroyed = true;
    for (const one of [...this.#waiting, ...this.#dialer.stop()]) one.ended(lost);
    this.#waiting.clear();
    for (const connection of this.#all) connection.expire();
  }

  get isEmpty(): boolean {
    return this.#all.size === 0 && !this.#dialer.isActive;
  }

  #takeIdle(): Connection | undefined {
    const now = performance.now();
    for (let one = this.#idle.pop(); one !== undefined; one = this.#idle.pop()) {
      if (one.isUsable(now)) return one;
      one.drop();
    }
    return undefined;
  }

  #open(): Connection | undefined {
    if (this.#all.size >= this.#most) return undefined;
    const connection = new Connection(this.#address, this.#owner);
    this.#all.add(connection);
    return connection;
  }

  #dial(): void {
    this.#dialed = this.#open();
    // There are as many as there may be: one of those will do.
    if (this.#dialed === undefined) for (const one of this.#dialer.connected()) this.#waiting.add(one);
  }

  /** Nothing is to be carried by it yet: it was made on behalf of all who wait. */
  #onOpen(connection: Connection): void {
    this.#dialed = undefined;
    const waited = this.#dialer.connected();
    this.#onFree(connection);
    for (const one of waited) this.carry(one);
  }

  #onFree(connection: Connection): void {
    const next = this.#next() ?? this.#dialer.take();
    if (next !== undefined) connection.carry(next);
    else if (this.#isClosing) connection.drop();
    else {
      this.#idle.push(connection);
      this.#sweep ??= setInterval(() => this.#dropUnusable(), sweepMs).unref();
    }
  }

  #onClosed(connection: Connection): void {
    this.#all.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    if (connection === this.#dialed) {
      this.#dialed = undefined;
      this.#dialer.failed();
    }
    const next = this.#next();
    if (next !== undefined) this.carry(next);
  }

  #next(): Carried | undefined {
    const [next] = this.#waiting;
    if (next !== undefined) this.#waiting.delete(next);
    return next;
  }

  /** Before their servers do: a request that is written to a connection in that moment would be lost. */
  #dropUnusable(): void {
    const now = performance.now();
    for (const connection of this.#idle.filter((one) => !one.isUsable(now))) connection.drop();
    if (this.#idle.length > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}

const sweepMs = 500;

/** There is nothing left to try. */
const lost = { kind: "lost", isUnanswered: false } as const;
const notConnected = { kind: "notConnected" } as const;
