import { availableParallelism } from "node:os";
import type { Logger } from "@catalyst-node/adapters/log";
import { type DetachedProcess, endProcess, startDetached } from "@catalyst-node/adapters/process";
import type { NodeConfig } from "@catalyst-node/core/config";
import { countWorkers, type Problem } from "@catalyst-node/core/model";
import { type Event, nodeProblem, strangeness } from "@catalyst-node/core/node";
import { gatewayCommand } from "./gateway-command.ts";
import type { GatewayLink } from "./gateway-link.ts";
import { graceMs, type HeadStart, isSurelyAbsent } from "./head-start.ts";
import { version } from "./version.ts";

export type SidecarOptions = {
  readonly config: NodeConfig;
  readonly catalyst: readonly [program: string, ...args: string[]];
  /** One that may run already. */
  readonly head: HeadStart;
  readonly link: GatewayLink;
  readonly post: (event: Event) => void;
  readonly log: Logger;
};

/**
 * The embedded gateway's process. It outlives a killed orchestrator, so one that answers on our socket is
 * adopted rather than doubled, unless it is not what we would start.
 */
export class GatewaySidecar {
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

  /** Ends it within its drain deadline, and in any case; `gatewayStopped` comes when it is gone. */
  async stop(): Promise<void> {
    await this.#starting;
    const { config, post, log } = this.#options;
    if (this.#pid !== undefined) {
      const ended = await endProcess(this.#pid, config.gateway.drainTimeout + graceMs);
      log.info("the gateway was stopped", { pid: this.#pid, ended });
    }
    post({ kind: "gatewayStopped" });
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
    const { post, link } = this.#options;
    if (this.#isOwn && this.#pid !== undefined) return post({ kind: "gatewayStarted", pid: this.#pid, adopted: false });
    const early = this.#options.head.take();
    if (early !== undefined) return this.#own(early);
    if (isSurelyAbsent(this.#options.config.gateway.rpc.address)) return await this.#spawn();
    const found = await link.probe();
    if (!found.ok && !isAbsent(found.problems)) return this.#failed(found.problems[0]);
    if (found.ok) {
      const strange = strangeness(found.value, this.#ours());
      if (strange === undefined) {
        this.#pid = found.value.pid;
        post({ kind: "gatewayStarted", pid: found.value.pid, adopted: true });
        return link.hurry();
      }
      const what = `A gateway lives on ${this.#options.config.gateway.rpc.address}: ${strange.why}`;
      if (!strange.replace) return this.#failed(nodeProblem("CAT-NODE-007", "gateway", what));
      this.#options.log.warn("the gateway found is replaced", { why: strange.why, pid: found.value.pid });
      await endProcess(found.value.pid, this.#options.config.gateway.drainTimeout + graceMs);
    }
    await this.#spawn();
  }

  async #spawn(): Promise<void> {
    // One that was adopted is gone, and its id may be another's by now.
    this.#pid = undefined;
    const { config, catalyst } = this.#options;
    const started = await startDetached(...gatewayCommand(catalyst, config));
    if (!started.ok) return this.#failed(started.problems[0]);
    this.#own(started.value);
  }

  #own({ pid, exited }: DetachedProcess): void {
    const { link, post } = this.#options;
    this.#pid = pid;
    this.#isOwn = true;
    void this.#awaitEnd(pid, exited);
    post({ kind: "gatewayStarted", pid, adopted: false });
    link.hurry();
  }

  async #awaitEnd(pid: number, exited: Promise<number | undefined>): Promise<void> {
    const code = await exited;
    this.#pid = undefined;
    this.#isOwn = false;
    this.#options.post({ kind: "gatewayExited", pid, code });
  }

  #failed(problem: Problem | undefined): void {
    const why = problem?.message ?? "no reason given";
    const told = problem?.code === "CAT-NODE-007" ? problem : nodeProblem("CAT-NODE-010", "gateway", why);
    this.#options.post({ kind: "gatewayNotStarted", problem: told });
  }

  #ours() {
    const { organization, node, gateway } = this.#options.config;
    const workers = countWorkers(gateway.workers, availableParallelism());
    return { version, organization, node, listen: gateway.listen, tls: gateway.tls, workers };
  }
}

/** Nobody is there; anything else that hinders the question is no reason to start a second one. */
function isAbsent(problems: readonly Problem[]): boolean {
  return problems.every(({ code }) => code === "CAT-RPC-010");
}
