import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Case, Outcome, Phase } from "./evaluate.ts";
import type { PlanCase } from "./plan-case.ts";

/** Longer than any case may take; one that does counts as dead. */
const deadline = 60_000;
/** What a plan may take of it. A gateway gives 1 s; this machine may be busy with everything else. */
const planDeadline = 5_000;

/** Of a process that went without a word. */
const killed = "killed:";

/** Runs cases in a process of its own, and starts another when it dies. */
export class Evaluator {
  #child: ChildProcess | undefined;
  #stderr = "";
  #model: Case["model"] | undefined;
  /** Cases whose process something else ended, not they; each was run once more. */
  repeated = 0;

  async run(asked: Case): Promise<Outcome> {
    const child = this.#child ?? this.#start();
    const { model, ...rest } = asked;
    const isKnown = model === this.#model;
    this.#model = model;
    const outcome = await this.#ask(child, isKnown ? rest : asked);
    if (outcome.kind !== "crashed" || !outcome.message.startsWith(killed)) return outcome;
    this.repeated += 1;
    this.#model = model;
    return this.#ask(this.#start(), asked);
  }

  async plan(asked: PlanCase): Promise<Outcome> {
    return this.#ask(this.#child ?? this.#start(), asked);
  }

  async #ask(child: ChildProcess, message: PlanCase | Partial<Case>): Promise<Outcome> {
    this.#stderr = "";
    const answered = new Promise<Outcome>((resolve) => {
      let tooSlow: string | undefined;
      let planTimer: NodeJS.Timeout | undefined;
      const endFor = (reason: string) => () => {
        tooSlow ??= reason;
        child.kill("SIGKILL");
      };
      const timer = setTimeout(endFor("no answer within 60 s"), deadline);
      const hear = (told: Outcome | Phase): void => {
        clearTimeout(planTimer);
        if (isPhase(told)) {
          if (told.kind === "planned") return;
          planTimer = setTimeout(endFor("no plan within 5 s"), planDeadline);
        } else done(told);
      };
      const done = (outcome: Outcome): void => {
        clearTimeout(timer);
        child.removeListener("message", hear);
        child.removeListener("close", died);
        resolve(outcome);
      };
      const died = (code: number | null, signal: string | null): void => {
        clearTimeout(planTimer);
        this.#child = undefined;
        done({ kind: "crashed", message: tooSlow ?? firstWords(this.#stderr, signal ?? `code ${code}`) });
      };
      child.on("message", hear);
      child.once("close", died);
    });
    child.send(message);
    return answered;
  }

  stop(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }

  #start(): ChildProcess {
    const child = fork(fileURLToPath(new URL("worker.ts", import.meta.url)), {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      execArgv: [],
      // Otherwise graphql-js looks at each object for another graphql-js's.
      env: { ...process.env, NODE_ENV: "production" },
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.#child = child;
    this.#model = undefined;
    return child;
  }
}

function isPhase(told: Outcome | Phase): told is Phase {
  return told.kind === "planning" || told.kind === "planned";
}

/** `lib/query-planner/...rs:183:10: called ...` of a panic, or the first line of what was said. */
function firstWords(text: string, end: string): string {
  const panic = /panicked at ([^\n]*)\n([^\n]*)/.exec(text);
  if (panic) return `${panic[1] ?? ""} ${panic[2] ?? ""}`;
  return text.includes("overflowed its stack") ? "overflowed its stack" : text.slice(0, 1_000) || `${killed} ${end}`;
}
