import { type Address, type Carried, Connection, type Owner } from "./connection.ts";
import type { Deadlines } from "./deadlines.ts";
import { Outbox } from "./outbox.ts";

/** The connections to one origin: kept while they are used, bounded, the latest used first. */
export class Connections {
  readonly #address: Address;
  readonly #most: number;
  readonly #owner: Owner;
  readonly #all = new Set<Connection>();
  /** The latest used last: the others may idle away. */
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Carried>();
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
      onClosed: (one) => this.#onClosed(one),
    };
  }

  /** For connections that are made from now on. */
  setConnecting(connecting: Deadlines): void {
    this.#owner.connecting = connecting;
  }

  /** Over a connection that is idle, or a new one, or as soon as there is one. `fresh`: over none that was used. */
  carry(one: Carried, fresh = false): void {
    if (this.#isDestroyed) return one.ended(lost);
    const connection = (fresh ? undefined : this.#takeIdle()) ?? this.#open();
    if (connection === undefined) this.#waiting.add(one);
    else connection.carry(one);
  }

  /** Takes back what is still waiting. */
  forget(one: Carried): void {
    this.#waiting.delete(one);
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
    for (const one of this.#waiting) one.ended(lost);
    this.#waiting.clear();
    for (const connection of this.#all) connection.expire();
  }

  get isEmpty(): boolean {
    return this.#all.size === 0;
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

  #onFree(connection: Connection): void {
    const [next] = this.#waiting;
    if (next !== undefined) {
      this.#waiting.delete(next);
      connection.carry(next);
    } else if (this.#isClosing) connection.drop();
    else {
      this.#idle.push(connection);
      this.#sweep ??= setInterval(() => this.#dropUnusable(), sweepMs).unref();
    }
  }

  #onClosed(connection: Connection): void {
    this.#all.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    this.carry(next);
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
