import { existsSync } from "node:fs";
import { type DetachedProcess, endProcess, startDetached } from "@catalyst-node/adapters/process";
import type { NodeConfig } from "@catalyst-node/core/config";
import { gatewayCommand } from "./gateway-command.ts";

/** What a gateway may take to end beyond its own drain deadline, in milliseconds. */
export const graceMs = 2_000;

/**
 * An embedded gateway that starts while this process still loads its own code: it takes longest to be ready, so it
 * begins first. Whoever takes it owns it; one that nobody took is ended by the disposal.
 */
export class HeadStart implements AsyncDisposable {
  readonly #endMs: number;
  #process: DetachedProcess | undefined;
  #runs = false;

  private constructor(endMs: number) {
    this.#endMs = endMs;
  }

  /** Starts one where it is sure that none lives that could be adopted. One that cannot be started is told of when it is needed. */
  static async begin({ gateway, ...config }: NodeConfig, catalyst: readonly [string, ...string[]]): Promise<HeadStart> {
    const head = new HeadStart(gateway.drainTimeout + graceMs);
    if (!gateway.embedded || !isSurelyAbsent(gateway.rpc.address)) return head;
    const started = await startDetached(...gatewayCommand(catalyst, { gateway, ...config }));
    if (started.ok) void head.#watch(started.value);
    return head;
  }

  /** The process, whether it still runs or not; once. */
  take(): DetachedProcess | undefined {
    const taken = this.#process;
    this.#process = undefined;
    return taken;
  }

  /** For the last moment of a process that was told to end at once. */
  kill(): void {
    if (this.#process === undefined || !this.#runs) return;
    try {
      process.kill(this.#process.pid, "SIGKILL");
    } catch {
      // It is gone, which is what was wanted.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = this.take();
    if (left !== undefined && this.#runs) await endProcess(left.pid, this.#endMs);
  }

  async #watch(started: DetachedProcess): Promise<void> {
    this.#process = started;
    this.#runs = true;
    await started.exited;
    this.#runs = false;
  }
}

/** Without a socket nobody listens on it: the common start, and no question is worth its time. */
export function isSurelyAbsent(address: string): boolean {
  return address.startsWith("unix:") && !existsSync(address.slice("unix:".length));
}
