import type { Logger } from "@catalyst-node/adapters/log";
import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import type { GatewayOptions } from "../options.ts";
import { gatewayProblem } from "../problems.ts";
import type { WorkerRow } from "../status.ts";
import { Member } from "./member.ts";
import type { Answer, Ask } from "./messages.ts";
import { Tally } from "./tally.ts";

/** Before a worker that ended is replaced, in milliseconds: doubled each time, but for one that has served so long. */
const firstPause = 100;
const longestPause = 5_000;
const soundMs = 30_000;
/** What a worker may take to start and to be configured, in milliseconds. */
const startMs = 30_000;
/** So many ends of one before it has ever served are no accident. */
const hopeless = 5;
/** What it may take to end beyond the drain's own deadline, in milliseconds. */
const graceMs = 1_000;

type Slot = {
  readonly number: number;
  member: Member | undefined;
  state: WorkerRow["state"];
  restarts: number;
  failures: number;
  /** When its member began to serve. */
  since: number;
  retry?: NodeJS.Timeout;
};

export type FleetOptions = {
  readonly workers: number;
  readonly options: Pick<GatewayOptions, "listen" | "log">;
  /** What a new worker has to be told before it accepts connections, in order. */
  readonly orders: () => readonly Ask[];
  /** Hears that a worker has come or gone. */
  readonly onChange: () => void;
  readonly log: Logger;
};

/** The places for workers, each filled again when its process ends. */
export class Fleet implements AsyncDisposable {
  readonly tally = new Tally();
  readonly #options: FleetOptions;
  readonly #slots: readonly Slot[];
  readonly #first = Promise.withResolvers<Result<string>>();
  #wake = Promise.withResolvers<void>();
  #url: string | undefined;
  #isStopping = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    const empty = { member: undefined, state: "waiting", restarts: 0, failures: 0, since: 0 } as const;
    this.#slots = Array.from({ length: options.workers }, (_, index) => ({ number: index + 1, ...empty }));
  }

  /** Settles with what they listen on, when all do for the first time; or with what hinders them. */
  start(): Promise<Result<string>> {
    for (const slot of this.#slots) this.#fill(slot);
    return this.#first.promise;
  }

  get rows(): readonly WorkerRow[] {
    return this.#slots.map(({ number, member, state, restarts }) => ({
      number,
      pid: member?.pid ?? 0,
      state,
      restarts,
      operations: member?.stats.operations.total ?? 0,
    }));
  }

  /** Those that accept connections, or are just about to. */
  get live(): readonly Member[] {
    return this.#members.filter(({ isLive }) => isLive);
  }

  /** Settles when there is one at least, or when the signal fires. */
  async someLive(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    const give = (): void => aborted.resolve();
    signal.addEventListener("abort", give);
    while (this.live.length === 0 && !signal.aborted) await Promise.race([this.#wake.promise, aborted.promise]);
    signal.removeEventListener("abort", give);
  }

  /**
   * Orders it of all, now; settles with the answers of those that are live now, when all of them have done it or ended.
   * One that starts does it before it accepts connections.
   */
  async order(ask: Ask): Promise<readonly Answer[]> {
    const live = this.live;
    const starting = this.#members.filter((member) => !member.isLive);
    const ordered = live.map((member) => member.order(ask));
    for (const member of starting) void member.order(ask);
    const answers = await Promise.all(ordered);
    return answers.flatMap((answer) => answer ?? []);
  }

  /** Asks each what it counts at this moment; of one that is slow, what it told last. */
  async refresh(patienceMs: number): Promise<void> {
    const asked = Promise.all(this.live.map((member) => member.ask({ kind: "ping" })));
    await Promise.race([asked, pause(patienceMs)]);
  }

  get stats() {
    return this.tally.with(this.#members.map(({ stats }) => stats));
  }

  /** Ends all, at the deadline in any case; how many requests were cut off. */
  async stop(drainMs: number): Promise<number> {
    this.#isStopping = true;
    const members = this.#members;
    const answers = Promise.all(members.map((member) => member.ask({ kind: "stop", drainMs })));
    const all = Promise.all(members.map(({ exited }) => exited));
    await Promise.race([all, pause(drainMs + graceMs)]);
    this.kill();
    return (await answers).reduce((sum, answer) => sum + (answer?.cut ?? 0), 0);
  }

  kill(): void {
    this.#isStopping = true;
    for (const { retry } of this.#slots) clearTimeout(retry);
    for (const member of this.#members) member.kill("the gateway ends");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await Promise.all(this.#members.map(({ exited }) => exited));
  }

  get #members(): readonly Member[] {
    return this.#slots.flatMap(({ member }) => member ?? []);
  }

  #fill(slot: Slot): void {
    if (this.#isStopping) return;
    const started = Member.start();
    if (!started.ok) return this.#later(slot, started.problems[0]?.message ?? "");
    const member = started.value;
    slot.member = member;
    slot.state = "starting";
    void member.exited.then(() => this.#lose(slot, member));
    void this.#admit(slot, member);
    this.#options.onChange();
  }

  async #admit(slot: Slot, member: Member): Promise<void> {
    const { options, orders } = this.#options;
    const deadline = setTimeout(() => member.kill(`it was not ready within ${startMs} ms`), startMs);
    void member.exited.then(() => clearTimeout(deadline));
    const begun = member.order({ kind: "begin", number: slot.number, log: options.log });
    for (const ask of orders()) void member.order(ask);
    if ((await begun) !== undefined) member.watch();
    await member.caughtUp();
    if (member.hasEnded) return;
    // Nothing was ordered since: from now on it counts.
    member.isLive = true;
    const listening = await member.ask({ kind: "listen", ...this.#address() });
    clearTimeout(deadline);
    if (listening === undefined) return;
    const { problems, url } = listening;
    if (problems.length > 0) return this.#cannotListen(member, problems);
    if (url !== (this.#url ??= url)) return member.kill(`it listens on ${url} instead of ${this.#url}`);
    slot.state = "serving";
    slot.since = performance.now();
    this.#changed();
    if (this.#slots.every(({ state }) => state === "serving")) this.#first.resolve(ok(this.#url ?? ""));
  }

  /**
   * Port 0 is chosen once, by the first. While anybody listens the same question leads to the same listener; once
   * nobody does, the port has to be asked for by its number.
   */
  #address(): { readonly host: string; readonly port: number } {
    const { host, port } = this.#options.options.listen;
    const shared = this.#slots.some(({ state }) => state === "serving");
    return { host, port: shared || this.#url === undefined ? port : Number(new URL(this.#url).port || 80) };
  }

  /** Fatal at the start; later a port that was lost may become free again. */
  #cannotListen(member: Member, problems: readonly Problem[]): void {
    this.#first.resolve(fail(...problems));
    member.kill(problems.map(({ code, message }) => `${code} ${message}`).join("; "));
  }

  #lose(slot: Slot, member: Member): void {
    const hadServed = slot.state === "serving";
    this.tally.add(member.stats);
    slot.member = undefined;
    if (hadServed && performance.now() - slot.since >= soundMs) slot.failures = 0;
    this.#later(slot, member.why);
    if (slot.failures >= hopeless) {
      // No news once all have served.
      this.#first.resolve(
        fail(gatewayProblem("CAT-GATEWAY-053", "workers", `A worker ends again and again: ${member.why}.`)),
      );
    }
  }

  #later(slot: Slot, why: string): void {
    slot.state = "waiting";
    this.#changed();
    if (this.#isStopping) return;
    const pauseMs = Math.min(longestPause, firstPause * 2 ** slot.failures);
    slot.failures += 1;
    slot.restarts += 1;
    this.#options.log.error("a worker ended and is replaced", { worker: slot.number, why, pauseMs });
    slot.retry = setTimeout(() => this.#fill(slot), pauseMs);
  }

  #changed(): void {
    const { resolve } = this.#wake;
    this.#wake = Promise.withResolvers();
    resolve();
    this.#options.onChange();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((settle) => void setTimeout(settle, ms).unref());
}
