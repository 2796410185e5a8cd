import type { ChildProcess } from "node:child_process";
import cluster, { type Worker } from "node:cluster";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { processProblem } from "./problems.ts";
import { rescueConnections } from "./rescue.ts";
import { signals } from "./shutdown.ts";

/** How long what a process has said is read after its end, in milliseconds. */
const lastWordsMs = 1_000;

/** A process of ours that shares our listeners; it ends when we do. */
export type WorkerProcess = {
  readonly pid: number;
  /** Queued until it reads; dropped when it is gone. What a structured clone can carry. */
  readonly send: (message: object) => void;
  readonly onMessage: (hear: (message: unknown) => void) => void;
  /** At once, whatever it does. */
  readonly kill: () => void;
  /** Settles when it is gone. */
  readonly exited: Promise<void>;
};

/**
 * Starts one. Whatever it listens on we accept and hand to the workers in turn: with one listening socket for each of
 * them the kernel deals unevenly, and what waits on a dead one's socket is lost.
 */
export function startWorker(entry: string): Result<WorkerProcess> {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({
    exec: entry,
    args: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    return tend(cluster.fork(), entry);
  } catch (error) {
    return failed(entry, error);
  }
}

function tend(worker: Worker, entry: string): Result<WorkerProcess> {
  const child = worker.process;
  // Not started, or a message that came too late: its end is told by `exited`. Node tells it of both.
  worker.on("error", () => undefined);
  const { pid } = child;
  if (pid === undefined) return failed(entry, undefined);
  rescueConnections(worker);
  return ok({
    pid,
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    onMessage: (hear) => void worker.on("message", hear),
    kill: () => void child.kill("SIGKILL"),
    exited: closed(child),
  });
}

/**
 * Settles once a process is gone and all is read that it has said. A child of its own that has not come to its program
 * yet, and may never do, holds its channel open still; that is closed here, or all that is sent would go nowhere.
 */
async function closed(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once("close", () => resolve());
  child.once("exit", () => {
    const held = setTimeout(() => {
      if (child.connected) child.disconnect();
      child.emit("close");
    }, lastWordsMs);
    void promise.then(() => clearTimeout(held));
  });
  await promise;
}

function failed(entry: string, error: unknown): Result<never> {
  const why = error instanceof Error ? error.message : "no reason given";
  return fail(processProblem("CAT-PROCESS-001", entry, `It could not be started (${why})`));
}

/**
 * How a worker hears from whoever started it, and is ended by nobody else: a signal for all is for that one. A SIGTERM
 * may be meant for the worker alone; what is to be done then is not its own decision.
 */
export function workerChannel(): {
  readonly send: (message: object) => void;
  readonly onMessage: (hear: (message: unknown) => void) => void;
  readonly onTerminate: (hear: () => void) => void;
  readonly end: () => void;
} {
  for (const signal of signals) process.on(signal, () => undefined);
  return {
    send: (message) => void (process.connected && process.send?.(message, undefined, {}, () => undefined)),
    onMessage: (hear) => void process.on("message", hear),
    onTerminate: (hear) => void process.on("SIGTERM", hear),
    end: () => process.disconnect(),
  };
}
