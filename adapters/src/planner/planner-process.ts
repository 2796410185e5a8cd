import { type ChildProcess, fork, type ForkOptions } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import type { QueryPlan } from "@catalyst-node/core/execution";
import type { FromPlanner, ToPlanner } from "./messages.ts";
import { untilAborted } from "./until-aborted.ts";

type Answer = FromPlanner | { readonly kind: "stalled" } | { readonly kind: "died" } | { readonly kind: "aborted" };
const aborted: Answer = { kind: "aborted" };

const entry = fileURLToPath(new URL("child.js", import.meta.url));

/** How planning one query ended. After `stalled` and `died` the process is gone. */
export type Outcome =
  | { readonly kind: "planned"; readonly plan: QueryPlan }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "stalled" }
  | { readonly kind: "died" };

/**
 * One child process that holds one supergraph. A process, because a panic of the planner aborts it,
 * and because SIGKILL is the only thing that stops a plan.
 */
export class PlannerProcess {
  /** Settles when the process is gone, for whatever reason. */
  readonly exited: Promise<void>;
  /** Undefined when the system had no room for a process, or for its channel: it counts as ended. */
  readonly #child: ChildProcess | undefined;

  private constructor(child: ChildProcess | undefined) {
    this.#child = child?.channel ? child : undefined;
    this.exited = new Promise((resolve) => {
      if (this.#child === undefined) resolve();
      child?.once("exit", () => resolve());
      // Not even started: there will be no exit. Later ones change nothing, and must not go unheard.
      child?.on("error", () => resolve());
    });
  }

  /** Starts a process; what it is told before it is ready waits for it. Never throws. */
  static fork(): PlannerProcess {
    const options = {
      execPath: process.execPath,
      // It needs nothing of ours, and has Rust code of others' making in it.
      env: { UV_THREADPOOL_SIZE: "1" },
      execArgv: ["--max-old-space-size=256"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    } satisfies ForkOptions;
    try {
      return new PlannerProcess(fork(entry, [], options));
    } catch {
      return new PlannerProcess(undefined);
    }
  }

  /**
   * Once in its life. Ready to plan, or CAT-EXEC-010 (the supergraph), -011 (too slow), -015 (aborted); `died` when it
   * ended meanwhile, for which somebody else may be to blame.
   */
  async load(sdl: string, { deadline, signal, onOutline }: LoadOptions): Promise<Result<Started> | "died"> {
    const asked = this.#ask({ kind: "load", sdl, outlineFirst: onOutline !== undefined }, deadline, onOutline);
    const outcome = await untilAborted(asked, signal, aborted);
    if (outcome.kind === "loaded") return ok({ planner: this, consumerSdl: outcome.consumerSdl });
    this.kill();
    if (outcome.kind === "died") return "died";
    if (outcome.kind === "aborted")
      return fail({ code: "CAT-EXEC-015", path: "", message: "stopped before the planner was ready" });
    if (outcome.kind === "stalled")
      return fail({ code: "CAT-EXEC-011", path: "", message: `the planner was not ready within ${deadline} ms` });
    const why = outcome.kind === "refused" ? outcome.message : "it answered something else";
    return fail({ code: "CAT-EXEC-010", path: "", message: `the planner refuses the supergraph: ${why}` });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** One at a time. Past `deadline` (ms) the process is killed: that is what it takes to stop a plan. */
  async plan(query: string, deadline: number): Promise<Outcome> {
    const outcome = await this.#ask({ kind: "plan", query }, deadline);
    if (outcome.kind === "stalled") this.kill();
    // Neither is an answer to this question.
    return outcome.kind === "planned" || outcome.kind === "refused" || outcome.kind === "stalled"
      ? outcome
      : { kind: "died" };
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  async #ask(message: ToPlanner, deadline: number, onOutline?: LoadOptions["onOutline"]): Promise<Answer> {
    const child = this.#child;
    if (child === undefined) return { kind: "died" };
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => resolve({ kind: "stalled" }), deadline);
    const onMessage = (answer: FromPlanner): void => {
      if (answer.kind === "outlined") onOutline?.(answer.consumerSdl);
      else resolve(answer);
    };
    child.on("message", onMessage);
    const onExit = (): void => resolve({ kind: "died" });
    child.once("exit", onExit);
    child.once("error", onExit);
    child.send(message, (error) => {
      if (error) resolve({ kind: "died" });
    });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      child.off("error", onExit);
    }
  }
}

export type LoadOptions = {
  /** In ms. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Hears, for a large supergraph, what `consumerSdl` will most probably be, long before it is ready to plan. */
  readonly onOutline?: ((consumerSdl: string) => void) | undefined;
};

export type Started = { readonly planner: PlannerProcess; readonly consumerSdl: string };
