import type { Listen } from "@catalyst-node/adapters/http";
import type { Logger } from "@catalyst-node/adapters/log";
import type { Problem } from "@catalyst-node/core/model";
import type { GatewayOptions } from "../options.ts";
import { gatewayProblem } from "../problems.ts";
import type { Urls } from "../running.ts";
import type { WorkerRow } from "../status.ts";
import { type Ports, portsOf } from "./addresses.ts";
import { Member } from "./member.ts";
import type { Ask, Stats } from "./messages.ts";

/** Before a worker that ended is replaced, in milliseconds: doubled each time, but for one that has served so long. */
const firstPause = 100;
const longestPause = 5_000;
const soundMs = 30_000;
/** What a worker may take to be ready, in milliseconds: on a busy machine killing the slow makes it busier. */
const startMs = 60_000;
/** For how long a replaced worker keeps idle connections, in milliseconds: all that are in use are closed by an answer. */
const lingerMs = 1_000;
/** So many ends before it has ever served are no accident. */
const hopeless = 5;

/** What a place needs of the whole. */
export type PlacePorts = {
  readonly log: Logger;
  readonly logOptions: GatewayOptions["log"];
  /** What requests in flight may take at a worker that others have taken the place of. */
  readonly drainMs: number;
  /** What a new worker has to be told before it accepts connections, in order. */
  readonly orders: () => readonly Ask[];
  readonly address: () => Listen;
  /** Whether what a worker listens on is what all listen on. */
  readonly isOurs: (urls: Urls) => boolean;
  /** Hears why no worker can serve here. Fatal at the start; later whatever hinders it may pass. */
  readonly onHindered: (problems: readonly Problem[]) => void;
  /** Hears what one that is gone had counted. */
  readonly onEnded: (stats: Stats) => void;
  /** Hears that a worker has come, serves, or is gone. */
  readonly onChange: () => void;
};

/** A place among the workers: filled again when its process ends. */
export class Place {
  readonly #number: number;
  readonly #ports: PlacePorts;
  #member: Member | undefined;
  /** Those that were asked to end; they serve until another does. */
  readonly #leaving = new Set<Member>();
  #state: WorkerRow["state"] = "waiting";
  #restarts = 0;
  #failures = 0;
  /** When its member began to serve. */
  #since = 0;
  #listens: Ports = { port: 0, tlsPort: undefined };
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(number: number, ports: PlacePorts) {
    this.#number = number;
    this.#ports = ports;
  }

  get members(): readonly Member[] {
    return [...this.#leaving, ...(this.#member === undefined ? [] : [this.#member])];
  }

  get isServing(): boolean {
    return this.#state === "serving" || this.#leaving.size > 0;
  }

  /** The ports that its worker asked for, which may be 0. */
  get ports(): Ports {
    return this.#listens;
  }

  get row(): WorkerRow {
    return {
      number: this.#number,
      pid: this.#member?.pid ?? 0,
      state: this.#state,
      restarts: this.#restarts,
      operations: this.#member?.stats.operations.total ?? 0,
    };
  }

  fill(): void {
    const started = Member.start();
    if (!started.ok) return this.#fillLater(started.problems[0]?.message ?? "");
    const member = started.value;
    this.#member = member;
    this.#turn("starting");
    void member.exited.then(() => this.#lose(member));
    void member.leaves.then(() => this.#succeed(member));
    void this.#admit(member);
  }

  /** Fills it no more; who is there stays. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
  }

  async #admit(member: Member): Promise<void> {
    const { logOptions, orders, address, isOurs, onHindered } = this.#ports;
    let doing = "to start";
    const deadline = setTimeout(() => member.kill(`it took longer than ${startMs} ms ${doing}`), startMs);
    void member.exited.then(() => clearTimeout(deadline));
    const begun = member.order({ kind: "begin", number: this.#number, log: logOptions });
    for (const ask of orders()) void member.order(ask);
    if ((await begun) !== undefined) member.watch();
    doing = "to be configured";
    await member.caughtUp();
    if (member.hasEnded) return;
    // Nothing was ordered since: from now on it counts.
    member.isLive = true;
    doing = "to listen";
    const at = address();
    this.#listens = portsOf(at);
    const listening = await member.ask({ kind: "listen", ...at });
    clearTimeout(deadline);
    if (listening === undefined) return;
    const { problems, urls = { url: "nothing", tlsUrl: undefined } } = listening;
    if (problems.length > 0) {
      onHindered(problems);
      return member.kill(problems.map(({ code, message }) => `${code} ${message}`).join("; "));
    }
    if (!isOurs(urls)) return member.kill(`it listens on ${urls.url} ${urls.tlsUrl ?? ""}, the others do not`);
    this.#since = performance.now();
    this.#turn("serving");
    for (const before of this.#leaving) void before.stop(this.#ports.drainMs, lingerMs);
  }

  /** Somebody asked a worker to end, and not the gateway: another serves in its place before it goes. */
  #succeed(member: Member): void {
    if (this.#isClosed || member !== this.#member) return;
    if (this.#state !== "serving") return member.kill("it was asked to end before it served");
    this.#leaving.add(member);
    this.#member = undefined;
    this.#restarts += 1;
    this.#ports.log.warn("a worker was asked to end and is replaced", { worker: this.#number, pid: member.pid });
    this.fill();
  }

  #lose(member: Member): void {
    const { onEnded, onHindered } = this.#ports;
    onEnded(member.stats);
    if (this.#leaving.delete(member)) return;
    this.#member = undefined;
    if (this.#state === "serving" && performance.now() - this.#since >= soundMs) this.#failures = 0;
    this.#fillLater(member.why);
    if (this.#failures >= hopeless) {
      onHindered([gatewayProblem("CAT-GATEWAY-053", "workers", `A worker ends again and again: ${member.why}.`)]);
    }
  }

  #fillLater(why: string): void {
    this.#turn("waiting");
    if (this.#isClosed) return;
    const pauseMs = Math.min(longestPause, firstPause * 2 ** this.#failures);
    this.#failures += 1;
    this.#restarts += 1;
    this.#ports.log.error("a worker ended and is replaced", { worker: this.#number, why, pauseMs });
    this.#retry = setTimeout(() => this.fill(), pauseMs);
  }

  #turn(state: WorkerRow["state"]): void {
    this.#state = state;
    this.#ports.onChange();
  }
}
