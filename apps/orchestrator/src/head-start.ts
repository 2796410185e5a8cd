import { existsSync } from "node:fs";
import { type DetachedProcess, endProcess, startDetached } from "@catalyst-node/adapters/process";
import type { NodeConfig } from "@catalyst-node/core/config";
import type { SidecarName } from "@catalyst-node/core/node";
import { authCommand } from "./auth-command.ts";
import { gatewayCommand } from "./gateway-command.ts";

/** What a sidecar may take to end beyond its own drain deadline, in milliseconds. */
export const graceMs = 2_000;

type Running = { readonly process: DetachedProcess; runs: boolean };

/**
 * Embedded sidecars that start while this process still loads its own code: they take longest to be ready, so they
 * begin first, the gateway before auth. Whoever takes one owns it; one that nobody took is ended by the disposal.
 */
export class HeadStart implements AsyncDisposable {
  readonly #endMs: number;
  readonly #running = new Map<SidecarName, Running>();

  private constructor(endMs: number) {
    this.#endMs = endMs;
  }

  /** Starts those of which it is sure that none lives that could be adopted. One that cannot be started is told of when it is needed. */
  static async begin(config: NodeConfig, catalyst: readonly [string, ...string[]]): Promise<HeadStart> {
    const { auth, gateway } = config;
    const head = new HeadStart(gateway.drainTimeout + graceMs);
    if (gateway.embedded && isSurelyAbsent(gateway.rpc.address))
      await head.#start("gateway", gatewayCommand(catalyst, config));
    if (auth.mode === "embedded" && isSurelyAbsent(auth.rpc.address))
      await head.#start("auth", authCommand(catalyst, config));
    return head;
  }

  /** The process, whether it still runs or not; once. */
  take(name: SidecarName): DetachedProcess | undefined {
    const taken = this.#running.get(name)?.process;
    this.#running.delete(name);
    return taken;
  }

  /** For the last moment of a process that was told to end at once. */
  kill(): void {
    for (const { process: started, runs } of this.#running.values()) {
      if (!runs) continue;
      try {
        process.kill(started.pid, "SIGKILL");
      } catch {
        // It is gone, which is what was wanted.
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = [...this.#running.values()].filter(({ runs }) => runs);
    this.#running.clear();
    await Promise.all(left.map(({ process: started }) => endProcess(started.pid, this.#endMs)));
  }

  async #start(name: SidecarName, command: readonly [string, readonly string[]]): Promise<void> {
    const started = await startDetached(...command);
    if (!started.ok) return;
    const running: Running = { process: started.value, runs: true };
    this.#running.set(name, running);
    void watchEnd(running);
  }
}

async function watchEnd(running: Running): Promise<void> {
  await running.process.exited;
  running.runs = false;
}

/** Without a socket nobody listens on it: the common start, and no question is worth its time. */
export function isSurelyAbsent(address: string): boolean {
  return address.startsWith("unix:") && !existsSync(address.slice("unix:".length));
}
