import { fail, ok, type Problem, type Result } from "@catalyst-node/core/model";
import type { QueryPlan } from "@catalyst-node/core/execution";
import type { Planner } from "./planner.ts";
import type { Outcome, PlannerProcess, Started } from "./planner-process.ts";
import { Suspects } from "./suspects.ts";
import { untilAborted } from "./until-aborted.ts";

export type PoolOptions = {
  readonly first: Started;
  readonly start: (signal: AbortSignal) => Promise<Result<Started>>;
  readonly deadline: number;
  readonly queueLimit: number;
  readonly spareAfter: number;
  readonly refusePeriod: number;
};

/** An operation whose process dies is tried once more: somebody else may have killed it. */
const maxDeaths = 2;
/** In ms, doubled up to the last while processes do not start. */
const firstPause = 100;
const longestPause = 5_000;

type Job = {
  readonly query: string;
  readonly promise: Promise<Result<QueryPlan>>;
  readonly resolve: (result: Result<QueryPlan>) => void;
  readonly expiry: NodeJS.Timeout;
  deaths: number;
};

/** One query at a time in each process, so it is never in doubt which one stalled or killed it. */
export class PlannerPool implements Planner {
  readonly consumerSdl: string;
  readonly #options: PoolOptions;
  readonly #suspects: Suspects;
  readonly #running = new Set<PlannerProcess>();
  readonly #idle: PlannerProcess[] = [];
  readonly #queue: Job[] = [];
  /** Single flight: whoever asks for the same query waits for the same plan. */
  readonly #jobs = new Map<string, Job>();
  readonly #stop = new AbortController();
  /** Processes that there should be: a second one while a plan takes long. */
  #wanted = 1;
  #retry: NodeJS.Timeout | undefined;
  #restarts = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.consumerSdl = options.first.consumerSdl;
    this.#suspects = new Suspects(options.refusePeriod);
    this.#adopt(options.first.planner);
  }

  get restarts(): number {
    return this.#restarts;
  }

  get pids(): readonly number[] {
    return [...this.#running].flatMap(({ pid }) => pid ?? []);
  }

  plan(query: string, signal: AbortSignal): Promise<Result<QueryPlan>> {
    if (this.#stop.signal.aborted) return Promise.resolve(stopped);
    if (this.#suspects.has(query)) return Promise.resolve(tooHard);
    const job = this.#jobs.get(query) ?? this.#enqueue(query);
    return job ? untilAborted(job.promise, signal, stopped) : Promise.resolve(busy);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#retry);
    for (const job of this.#jobs.values()) this.#settle(job, stopped);
    this.#queue.length = 0;
    for (const planner of this.#running) planner.kill();
    await Promise.all([...this.#running].map(({ exited }) => exited));
  }

  #enqueue(query: string): Job | undefined {
    if (this.#queue.length >= this.#options.queueLimit) return undefined;
    const { promise, resolve } = Promise.withResolvers<Result<QueryPlan>>();
    // As long in the queue as a plan may take; a longer wait is of no use to whoever asked.
    const expiry = setTimeout(() => this.#settle(job, busy), this.#options.deadline);
    const job: Job = { query, promise, resolve, expiry, deaths: 0 };
    this.#jobs.set(query, job);
    this.#queue.push(job);
    this.#dispatch();
    return job;
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const job = this.#queue.shift();
      if (job === undefined || this.#jobs.get(job.query) !== job) continue;
      const planner = this.#idle.shift();
      if (planner !== undefined) void this.#run(planner, job);
    }
  }

  async #run(planner: PlannerProcess, job: Job): Promise<void> {
    clearTimeout(job.expiry);
    const slow = setTimeout(() => this.#want(2), this.#options.spareAfter);
    const outcome = await planner.plan(job.query, this.#options.deadline);
    clearTimeout(slow);
    this.#want(1);
    this.#finish(job, outcome);
    if (outcome.kind !== "planned" && outcome.kind !== "refused") return;
    if (this.#running.has(planner)) this.#idle.push(planner);
    this.#dispatch();
  }

  #finish(job: Job, outcome: Outcome): void {
    switch (outcome.kind) {
      case "planned":
        this.#settle(job, ok(outcome.plan));
        return;
      case "refused":
        this.#settle(job, fail(problem("CAT-EXEC-012", outcome.message)));
        return;
      case "died":
        job.deaths += 1;
        if (job.deaths < maxDeaths) {
          this.#queue.unshift(job);
          this.#dispatch();
          return;
        }
        this.#suspects.add(job.query);
        this.#settle(job, tooHard);
        return;
      case "stalled":
        this.#suspects.add(job.query);
        this.#settle(job, tooHard);
    }
  }

  #settle(job: Job, result: Result<QueryPlan>): void {
    clearTimeout(job.expiry);
    if (this.#jobs.get(job.query) === job) this.#jobs.delete(job.query);
    job.resolve(result);
  }

  #adopt(planner: PlannerProcess): void {
    this.#running.add(planner);
    this.#idle.push(planner);
    void planner.exited.then(() => this.#lose(planner));
    this.#dispatch();
  }

  #lose(planner: PlannerProcess): void {
    this.#running.delete(planner);
    const index = this.#idle.indexOf(planner);
    if (index >= 0) this.#idle.splice(index, 1);
    if (this.#stop.signal.aborted) return;
    this.#restarts += 1;
    void this.#replenish(firstPause);
  }

  /** A spare plans for the others while one plan takes long. Once there, it stays until one of them is lost. */
  #want(count: number): void {
    this.#wanted = count;
    void this.#replenish(firstPause);
  }

  #starting = 0;

  /** Starts what is missing. One that does not start is tried again after `pause` ms. */
  async #replenish(pause: number): Promise<void> {
    if (this.#stop.signal.aborted || this.#running.size + this.#starting >= this.#wanted) return;
    this.#starting += 1;
    const started = await this.#options.start(this.#stop.signal);
    this.#starting -= 1;
    if (this.#stop.signal.aborted) {
      if (started.ok) started.value.planner.kill();
    } else if (started.ok) {
      this.#adopt(started.value.planner);
      void this.#replenish(firstPause);
    } else {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => void this.#replenish(Math.min(pause * 2, longestPause)), pause);
    }
  }
}

function problem(code: "CAT-EXEC-012" | "CAT-EXEC-013" | "CAT-EXEC-014" | "CAT-EXEC-015", message: string): Problem {
  return { code, path: "", message };
}

const tooHard = fail(
  problem("CAT-EXEC-013", "planning this operation takes too long, or ends the planner; make it smaller"),
);
const busy = fail(problem("CAT-EXEC-014", "too many operations wait to be planned; try again later"));
const stopped = fail(problem("CAT-EXEC-015", "the planner was stopped, or the request ended, before there was a plan"));
