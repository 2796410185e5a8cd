import type { Logger } from "@catalyst-node/adapters/log";
import { type DetachedProcess, endProcess, startDetached } from "@catalyst-node/adapters/process";
import type { Problem, Result } from "@catalyst-node/core/model";
import { type Event, nodeProblem, type SidecarName, sidecars, type Strangeness } from "@catalyst-node/core/node";
import { graceMs, type HeadStart, isSurelyAbsent } from "./head-start.ts";

/** What is found on a sidecar's address; `strange` hinders its adoption. */
export type Found = { readonly pid: number; readonly strange: Strangeness | undefined };

/** All that tells one embedded sidecar from another. */
export type SidecarOptions = {
  readonly name: SidecarName;
  /** Where it takes our calls. */
  readonly address: string;
  readonly command: readonly [program: string, args: readonly string[]];
  /** What it may take to end by itself, in milliseconds. */
  readonly drainMs: number;
  /** One that may run already. */
  readonly head: HeadStart;
  readonly probe: () => Promise<Result<Found>>;
  /** There is reason to believe that it answers now, or soon. */
  readonly hurry: () => void;
  readonly post: (event: Event) => void;
  readonly log: Logger;
};

/**
 * An embedded sidecar's process. It outlives a killed orchestrator, so one that answers on our socket is
 * adopted rather than doubled, unless it is not what we would start.
 */
export class SidecarProcess {
  readonly #options: SidecarOptions;
  #pid: number | undefined;
  #isOwn = false;
  #starting: Promise<void> = Promise.resolve();

  constructor(options: SidecarOptions) {
    this.#options = options;
  }

  /** Adopts or starts; the outcome comes as an event. */
  start(): void {
    this.#starting = this.#starting.then(() => this.#start());
  }

  /** Ends it within its drain deadline, and in any case; `sidecarStopped` comes when it is gone. */
  async stop(): Promise<void> {
    await this.#starting;
    const { name, drainMs, post, log } = this.#options;
    if (this.#pid !== undefined) {
      const ended = await endProcess(this.#pid, drainMs + graceMs);
      log.info(`${name} was stopped`, { pid: this.#pid, ended });
    }
    post({ kind: "sidecarStopped", sidecar: name });
  }

  /** Without giving it a chance: it hangs, or this process has no time left. */
  kill(): void {
    if (this.#pid === undefined) return;
    try {
      process.kill(this.#pid, "SIGKILL");
    } catch {
      // It is gone, which is what was wanted.
    }
  }

  async #start(): Promise<void> {
    const { name, address, drainMs, head, hurry, log, probe } = this.#options;
    if (this.#isOwn && this.#pid !== undefined) return this.#started(this.#pid, false);
    const early = head.take(name);
    if (early !== undefined) return this.#own(early);
    if (isSurelyAbsent(address)) return await this.#spawn();
    const found = await probe();
    if (!found.ok && !isAbsent(found.problems)) return this.#failed(found.problems[0]);
    if (found.ok) {
      const { pid, strange } = found.value;
      if (strange === undefined) {
        this.#pid = pid;
        this.#started(pid, true);
        return hurry();
      }
      const what = `On ${address} lives a process of another node: ${strange.why}`;
      if (!strange.replace) return this.#notStarted(nodeProblem(sidecars[name].codes.foreign, name, what));
      log.warn(`the ${name} found is replaced`, { why: strange.why, pid });
      await endProcess(pid, drainMs + graceMs);
    }
    await this.#spawn();
  }

  async #spawn(): Promise<void> {
    // One that was adopted is gone, and its id may be another's by now.
    this.#pid = undefined;
    const started = await startDetached(...this.#options.command);
    if (!started.ok) return this.#failed(started.problems[0]);
    this.#own(started.value);
  }

  #own({ pid, exited }: DetachedProcess): void {
    this.#pid = pid;
    this.#isOwn = true;
    void this.#awaitEnd(pid, exited);
    this.#started(pid, false);
    this.#options.hurry();
  }

  async #awaitEnd(pid: number, exited: Promise<number | undefined>): Promise<void> {
    const code = await exited;
    this.#pid = undefined;
    this.#isOwn = false;
    const { name, post } = this.#options;
    post({ kind: "sidecarExited", sidecar: name, pid, code });
  }

  #started(pid: number, adopted: boolean): void {
    const { name, post } = this.#options;
    post({ kind: "sidecarStarted", sidecar: name, pid, adopted });
  }

  #failed(problem: Problem | undefined): void {
    const { name } = this.#options;
    this.#notStarted(nodeProblem(sidecars[name].codes.notStarted, name, problem?.message ?? "no reason given"));
  }

  #notStarted(problem: Problem): void {
    const { name, post } = this.#options;
    post({ kind: "sidecarNotStarted", sidecar: name, problem });
  }
}

/** Nobody is there; anything else that hinders the question is no reason to start a second one. */
function isAbsent(problems: readonly Problem[]): boolean {
  return problems.every(({ code }) => code === "CAT-RPC-010");
}
