import type { Listen } from "@catalyst-node/adapters/http";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import type { Urls } from "../running.ts";
import type { WorkerRow } from "../status.ts";
import { boundPorts, isSame, withPorts } from "./addresses.ts";
import type { Member } from "./member.ts";
import type { Answer, Ask, Stats } from "./messages.ts";
import { Place, type PlacePorts } from "./place.ts";
import { Tally } from "./tally.ts";

/** What workers may take to end beyond the drain's own deadline, in milliseconds. */
const graceMs = 1_000;

export type FleetOptions = Pick<PlacePorts, "log" | "logOptions" | "drainMs" | "orders" | "onChange"> & {
  readonly workers: number;
  /** As it is now: its certificate may change. */
  readonly listen: () => Listen;
};

/** All workers. */
export class Fleet implements AsyncDisposable {
  readonly #options: FleetOptions;
  readonly #places: readonly Place[];
  readonly #tally = new Tally();
  readonly #first = Promise.withResolvers<Result<Urls>>();
  #change = Promise.withResolvers<void>();
  /** What all listen on, once one does. */
  #urls: Urls | undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    const ports: PlacePorts = {
      ...options,
      address: () => this.#address(),
      isOurs: (urls) => isSame(urls, (this.#urls ??= urls)),
      onHindered: (problems) => this.#first.resolve(fail(...problems)),
      onEnded: (stats) => this.#tally.add(stats),
      onChange: () => this.#changed(),
    };
    this.#places = Array.from({ length: options.workers }, (_, index) => new Place(index + 1, ports));
  }

  /** Settles with what they listen on, when all do for the first time; or with what hinders them. */
  start(): Promise<Result<Urls>> {
    for (const place of this.#places) place.fill();
    return this.#first.promise;
  }

  get rows(): readonly WorkerRow[] {
    return this.#places.map(({ row }) => row);
  }

  /** Those that accept connections, or are just about to. */
  get live(): readonly Member[] {
    return this.#members.filter(({ isLive }) => isLive);
  }

  /** What all have counted, those that are gone included. */
  get stats(): Stats {
    return this.#tally.with(this.#members.map(({ stats }) => stats));
  }

  /** Settles when there is a live one at least, or when the signal fires. */
  async someLive(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    const give = (): void => aborted.resolve();
    signal.addEventListener("abort", give);
    while (this.live.length === 0 && !signal.aborted) await Promise.race([this.#change.promise, aborted.promise]);
    signal.removeEventListener("abort", give);
  }

  /**
   * Orders it of all, now; settles with the answers of those that are live now, when all of them have done it or ended.
   * One that starts does it before it accepts connections.
   */
  async order(ask: Ask): Promise<readonly Answer[]> {
    const starting = this.#members.filter(({ isLive }) => !isLive);
    const ordered = this.live.map((member) => member.order(ask));
    for (const member of starting) void member.order(ask);
    const answers = await Promise.all(ordered);
    return answers.flatMap((answer) => answer ?? []);
  }

  /** Asks each what it counts at this moment; of one that is slow, what it told last stands. */
  async refresh(patienceMs: number): Promise<void> {
    const asked = Promise.all(this.live.map((member) => member.ask({ kind: "ping" })));
    await Promise.race([asked, pause(patienceMs)]);
  }

  /** Ends all, at the deadline in any case; how many requests were cut off. */
  async stop(drainMs: number): Promise<number> {
    this.#close();
    const members = this.#members;
    const answers = Promise.all(members.map((member) => member.stop(drainMs)));
    const all = Promise.all(members.map(({ exited }) => exited));
    await Promise.race([all, pause(drainMs + graceMs)]);
    this.kill();
    return (await answers).reduce((sum, answer) => sum + (answer?.cut ?? 0), 0);
  }

  kill(): void {
    this.#close();
    for (const member of this.#members) member.kill("the gateway ends");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await Promise.all(this.#members.map(({ exited }) => exited));
  }

  get #members(): readonly Member[] {
    return this.#places.flatMap(({ members }) => members);
  }

  #close(): void {
    for (const place of this.#places) place.close();
  }

  /**
   * Port 0 is chosen once, by the first. Whoever asks for the same as those who listen shares their listener, and nobody
   * else can; once nobody listens, the port that was chosen is asked for by its number.
   */
  #address(): Listen {
    const listen = this.#options.listen();
    const shared = this.#places.find(({ isServing }) => isServing);
    if (shared !== undefined) return withPorts(listen, shared.ports);
    return this.#urls === undefined ? listen : withPorts(listen, boundPorts(this.#urls));
  }

  #changed(): void {
    const { resolve } = this.#change;
    this.#change = Promise.withResolvers();
    resolve();
    // Of no effect but for the first time.
    if (this.#places.every(({ isServing }) => isServing)) this.#first.resolve(ok(this.#urls ?? noUrls));
    this.#options.onChange();
  }
}

const noUrls: Urls = { url: "", tlsUrl: undefined };

function pause(ms: number): Promise<void> {
  return new Promise((settle) => void setTimeout(settle, ms).unref());
}
