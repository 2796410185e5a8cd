import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Case, Outcome } from "./evaluate.ts";
import type { PlanCase } from "./plan-case.ts";

/** Longer than any case may take; one that does counts as dead. */
const deadline = 60_000;

/** Runs cases in a process of its own, and starts another when it dies. */
export class Evaluator {
  #child: ChildProcess | undefined;
  #stderr = "";
  #model: Case["model"] | undefined;

  async run(asked: Case): Promise<Outcome> {
    const child = this.#child ?? this.#start();
    const { model, ...rest } = asked;
    const isKnown = model === this.#model;
    this.#model = model;
    return this.#ask(child, isKnown ? rest : asked);
  }

  async plan(asked: PlanCase): Promise<Outcome> {
    return this.#ask(this.#child ?? this.#start(), asked);
  }

  async #ask(child: ChildProcess, message: PlanCase | Partial<Case>): Promise<Outcome> {
    this.#stderr = "";
    const answered = new Promise<Outcome>((resolve) => {
      const timer = setTimeout(() => child.kill("SIGKILL"), deadline);
      const done = (outcome: Outcome): void => {
        clearTimeout(timer);
        child.removeListener("message", done);
        child.removeListener("close", died);
        resolve(outcome);
      };
      const died = (): void => {
        this.#child = undefined;
        done({ kind: "crashed", message: firstWords(this.#stderr) });
      };
      child.once("message", done);
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
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.#child = child;
    this.#model = undefined;
    return child;
  }
}

/** `lib/query-planner/...rs:183:10: called ...` of a panic, or the first line of what was said. */
function firstWords(text: string): string {
  const panic = /panicked at ([^\n]*)\n([^\n]*)/.exec(text);
  if (panic) return `${panic[1] ?? ""} ${panic[2] ?? ""}`;
  return text.includes("overflowed its stack") ? "overflowed its stack" : text.slice(0, 1_000) || "killed";
}
