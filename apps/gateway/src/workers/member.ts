import { fileURLToPath } from "node:url";
import { startWorker, type WorkerProcess } from "@catalyst-node/adapters/process";
import { ok, type Result } from "@catalyst-node/core/model";
import { type Answer, type Ask, isFromWorker, isLeaving, noStats, type Stats, type ToWorker } from "./messages.ts";

/** Between two questions whether it still answers, in milliseconds; so many without an answer, and it is killed. */
const pingMs = 1_000;
const mostSilent = 5;

const entry = fileURLToPath(new URL("worker.js", import.meta.url));

/** One worker process as the primary sees it: it does what it is asked, or ends. */
export class Member {
  /** Accepts connections, or is just about to: what is confirmed has to be true of it. */
  isLive = false;
  readonly #process: WorkerProcess;
  readonly #open = new Map<number, (answer: Answer | undefined) => void>();
  readonly #orders = new Set<Promise<unknown>>();
  readonly #leaving = Promise.withResolvers<void>();
  #stopping: Promise<Answer | undefined> | undefined;
  #asked = 0;
  #hasEnded = false;
  #stats = noStats;
  #why = "it ended by itself";

  private constructor(process: WorkerProcess) {
    this.#process = process;
    process.onMessage((message) => {
      if (isFromWorker(message)) this.#settle(message.id, message.answer);
      else if (isLeaving(message)) this.#leaving.resolve();
    });
    void this.#end();
  }

  static start(): Result<Member> {
    const started = startWorker(entry);
    return started.ok ? ok(new Member(started.value)) : started;
  }

  get pid(): number {
    return this.#process.pid;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get exited(): Promise<void> {
    return this.#process.exited;
  }

  /** Settles when somebody else asks it to end. */
  get leaves(): Promise<void> {
    return this.#leaving.promise;
  }

  /** As it told last. */
  get stats(): Stats {
    return this.#stats;
  }

  /** Why it is no more. */
  get why(): string {
    return this.#why;
  }

  /** The answer; undefined when it ended before. */
  ask(ask: Ask): Promise<Answer | undefined> {
    if (this.#hasEnded) return Promise.resolve(undefined);
    const id = (this.#asked += 1);
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
    this.#open.set(id, resolve);
    const message: ToWorker = { id, ask };
    this.#process.send(message);
    return promise;
  }

  /** Has it end once it has drained. The first to ask decides how long that may take: a second time would cut it off. */
  stop(drainMs: number, lingerMs?: number): Promise<Answer | undefined> {
    this.#stopping ??= this.ask({ kind: "stop", drainMs, ...(lingerMs === undefined ? {} : { lingerMs }) });
    return this.#stopping;
  }

  /** Something that it must do to serve what the others do: it ends when it does not. A build may fail: all's may. */
  async order(ask: Ask): Promise<Answer | undefined> {
    const asked = this.ask(ask);
    this.#orders.add(asked);
    const answer = await asked;
    this.#orders.delete(asked);
    const [problem] = answer?.problems ?? [];
    if (problem !== undefined && ask.kind !== "build")
      this.kill(`it did not ${ask.kind}: ${problem.code} ${problem.message}`);
    return answer;
  }

  /** Settles when it has done all that it was ordered, at the same moment as the last of it. */
  async caughtUp(): Promise<void> {
    while (this.#orders.size > 0) await Promise.all(this.#orders);
  }

  /** Kills it when it stops to answer. Missed questions count, not time: where all is slow, this process is too. */
  watch(): void {
    let silent = 0;
    const timer = setInterval(() => {
      silent += 1;
      if (silent > mostSilent) this.kill(`it has not answered for ${mostSilent} s`);
      void this.ask({ kind: "ping" }).then(() => (silent = 0));
    }, pingMs);
    timer.unref();
    void this.exited.then(() => clearInterval(timer));
  }

  kill(why: string): void {
    this.#why = why;
    this.#process.kill();
  }

  async #end(): Promise<void> {
    await this.exited;
    this.#hasEnded = true;
    for (const id of this.#open.keys()) this.#settle(id, undefined);
  }

  #settle(id: number, answer: Answer | undefined): void {
    const settle = this.#open.get(id);
    this.#open.delete(id);
    if (answer !== undefined) this.#stats = answer.stats;
    settle?.(answer);
  }
}
