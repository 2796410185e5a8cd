import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { getCompileCacheDir } from "node:module";
import type { Attempt, Subgraph } from "@catalyst-node/core/supergraph";
import type { Question } from "./question.ts";

/** Composes elsewhere, so that neither a long nor a fatal composition touches this process. */
export interface Composer extends AsyncDisposable {
  /**
   * One attempt. Never rejects: a child that dies, or does not end within `timeoutMs` from its turn on, is
   * `died`; so is one given up by the signal.
   */
  compose(subgraphs: readonly Subgraph[], options: ComposeOptions): Promise<Attempt>;
}

export type ComposeOptions = { readonly timeoutMs: number; readonly signal: AbortSignal };

/** Answers kept by their input: a search tries sets again, and schemas go back and forth. */
const cached = 16;
/** How much longer than ours the child's own deadline is; it is for a child whose parent is gone. In milliseconds. */
const orphanMs = 1_000;
/** How long an attempt that nobody waits for may keep the next one waiting, in milliseconds. */
const givenUpMs = 500;
/** In KiB; half of the 8 MiB that a main thread has on Linux. The composer recurses along chains of types. */
const stackKiB = 4_000;

/** Without work for this long the child ends, and gives 50 MB back; starting another takes 0.3 s. In milliseconds. */
const defaultIdleMs = 60_000;

export type ComposerOptions = {
  /** Caps the child's heap, in bytes. */
  readonly maxMemory: number;
  /** How long a child without work is kept, in milliseconds. Default 60,000. */
  readonly idleMs?: number;
};

/** Starts the child at once, to have it warm at the first need. */
export function startComposer({ maxMemory, idleMs = defaultIdleMs }: ComposerOptions): Composer {
  let child = spawnChild(maxMemory);
  let disposed = false;
  let idle: NodeJS.Timeout | undefined;
  rest();
  let turn: Promise<unknown> = Promise.resolve();
  const cache = new Map<string, Attempt>();

  async function attempt(subgraphs: readonly Subgraph[], { timeoutMs, signal }: ComposeOptions): Promise<Attempt> {
    const key = keyOf(subgraphs);
    const known = cache.get(key);
    if (known !== undefined) return known;
    if (disposed || signal.aborted) return { kind: "died", reason: "it was given up" };
    const answer = await askTwice(subgraphs, timeoutMs, signal);
    if (answer.kind !== "died") remember(cache, key, answer);
    return answer;
  }

  /** A child that ended by itself may have been ended by somebody else: no schema is blamed for one such end. */
  async function askTwice(subgraphs: readonly Subgraph[], timeoutMs: number, signal: AbortSignal): Promise<Attempt> {
    const first = await askOnce(subgraphs, timeoutMs, signal);
    const again = first.kind === "ended" && !disposed && !signal.aborted;
    const answer = again ? await askOnce(subgraphs, timeoutMs, signal) : first;
    return answer.kind === "ended" ? { kind: "died", reason: answer.reason } : answer;
  }

  async function askOnce(subgraphs: readonly Subgraph[], timeoutMs: number, signal: AbortSignal): Promise<Answer> {
    clearTimeout(idle);
    if (child.process.killed || hasEnded(child.process)) child = spawnChild(maxMemory);
    const answer = await ask(child, subgraphs, timeoutMs, signal);
    // The next one is started at once, to be warm when it is needed.
    if ((answer.kind === "died" || answer.kind === "ended") && !disposed) child = spawnChild(maxMemory);
    rest();
    return answer;
  }

  function rest(): void {
    idle = setTimeout(() => child.process.kill("SIGKILL"), idleMs).unref();
  }

  return {
    compose(subgraphs, options) {
      const answer = turn.then(() => attempt(subgraphs, options));
      turn = answer;
      return answer;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      clearTimeout(idle);
      const { process: running } = child;
      if (hasEnded(running)) return;
      const exit = once(running, "exit");
      running.kill("SIGKILL");
      await exit;
    },
  };
}

/** `ended`: the child ended without our doing. */
type Answer = Attempt | { readonly kind: "ended"; readonly reason: string };

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

type Child = { readonly process: ChildProcess; readonly ready: Promise<boolean> };

function spawnChild(maxMemory: number): Child {
  const mebibytes = Math.max(32, Math.round(maxMemory / 1_048_576));
  const cache = getCompileCacheDir();
  const child = fork(new URL("./child.ts", import.meta.url), [], {
    execArgv: [
      `--max-old-space-size=${mebibytes}`,
      `--stack-size=${stackKiB}`,
      "--disable-warning=ExperimentalWarning",
    ],
    // Its memory dump at the cap is no message for a person; what became of it is told by the attempt.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
  });
  child.on("error", () => undefined);
  const ready = Promise.race([once(child, "message").then(() => true), once(child, "exit").then(() => false)]).catch(
    () => false,
  );
  return { process: child, ready };
}

async function ask(
  { process: child, ready }: Child,
  subgraphs: readonly Subgraph[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const end = (reason: string) => () => {
    child.kill("SIGKILL");
    resolve({ kind: "died", reason });
  };
  const deadline = setTimeout(end(`it took longer than ${timeoutMs} ms`), timeoutMs);
  let patience: NodeJS.Timeout | undefined;
  const giveUp = (): void => {
    patience = setTimeout(end("it was given up"), givenUpMs);
  };
  const exited = (code: number | null, how: string | null): void =>
    resolve({ kind: "ended", reason: `its process ended (${how ?? `exit code ${code}`}), mostly for want of memory` });
  const answered = (attempt: Attempt): void => resolve(attempt);
  signal.addEventListener("abort", giveUp, { once: true });
  child.once("exit", exited);
  try {
    if (!(await Promise.race([ready, promise.then(() => true)]))) return await promise;
    child.once("message", answered);
    const question: Question = { subgraphs, timeoutMs: Math.ceil(timeoutMs) + orphanMs };
    if (child.connected) child.send(question, () => undefined);
    return await promise;
  } finally {
    clearTimeout(deadline);
    clearTimeout(patience);
    signal.removeEventListener("abort", giveUp);
    child.off("exit", exited);
    child.off("message", answered);
  }
}

function remember(cache: Map<string, Attempt>, key: string, attempt: Attempt): void {
  cache.set(key, attempt);
  const [oldest] = cache.keys();
  if (cache.size > cached && oldest !== undefined) cache.delete(oldest);
}

function keyOf(subgraphs: readonly Subgraph[]): string {
  const hash = createHash("sha256");
  for (const { name, sdl } of subgraphs) hash.update(`${name}\0${sdl.length}\0${sdl}`);
  return hash.digest("hex");
}
