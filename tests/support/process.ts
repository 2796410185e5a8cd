import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { resolve } from "node:path";
import { assertNoToken, TokenLeak } from "./token-leak.ts";
import { root } from "./tree.ts";

/** Longest that a process of ours may take to become ready or to end, in ms, on a busy machine. */
const patience = 60_000;

export type Ready = {
  readonly process: string;
  readonly pid: number;
  readonly listeners: readonly { readonly name: string; readonly url: string }[];
};

/**
 * A real process of ours, from its start to its end; `await using` ends it whatever happens, and fails when a token stood
 * in its log or its arguments.
 */
export class Running implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #leak = new TokenLeak();
  #stderr = "";
  #ready: readonly Ready[] = [];
  #document: Readonly<Record<string, unknown>> = {};

  private constructor(child: ChildProcess, hear: StartOptions["hear"]) {
    this.#child = child;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-200_000);
      this.#leak.hear(text);
      hear?.(text);
    });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => hear?.(text));
  }

  /** Starts `catalyst ARGS -o json` and resolves with its Ready document; rejects with its stderr when it ends before. */
  static async catalyst(args: readonly string[], options: StartOptions = {}): Promise<Running> {
    return Running.#node(["apps/cli/src/main.ts", ...args, "-o", "json"], options);
  }

  /** Starts a file of ours that prints a Ready document, such as an example service. */
  static async file(path: string, args: readonly string[] = [], options: StartOptions = {}): Promise<Running> {
    return Running.#node([path, ...args, "-o", "json"], options);
  }

  /** Starts a program in any language that prints a Ready document. */
  static async program(path: string, args: readonly string[], options: StartOptions = {}): Promise<Running> {
    return Running.#start(path, args, options);
  }

  static #node([file = "", ...rest]: readonly string[], options: StartOptions): Promise<Running> {
    return Running.#start(process.execPath, [...(options.nodeFlags ?? []), resolve(root, file), ...rest], options);
  }

  static async #start(command: string, args: readonly string[], { env, cwd, hear }: StartOptions): Promise<Running> {
    assertNoToken(args.join(" "), "arguments");
    const child = spawn(command, args, {
      cwd: cwd ?? root,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const running = new Running(child, hear);
    try {
      await running.#untilReady();
    } catch (error) {
      await running.kill();
      throw error;
    }
    return running;
  }

  async #untilReady(): Promise<void> {
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("no stdout");
    const lines = createInterface({ input: stdout });
    const line = await withDeadline(
      Promise.race([
        once(lines, "line").then(([text]) => String(text)),
        once(this.#child, "exit").then(([code]) => {
          throw new Error(`ended with ${code} before it was ready:\n${this.#stderr}`);
        }),
      ]),
      () => `not ready in ${patience} ms:\n${this.#stderr}`,
    );
    this.#document = JSON.parse(line);
    const { kind, items } = this.#document as { kind?: unknown; items?: unknown };
    if (kind !== "Ready" || !Array.isArray(items)) throw new Error(`not a Ready document: ${line}`);
    this.#ready = items;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The whole Ready document. */
  get document(): Readonly<Record<string, unknown>> {
    return this.#document;
  }

  /** The process ids of itself and of what it started, as told when it was ready. */
  get pids(): readonly number[] {
    return this.#ready.map(({ pid }) => pid);
  }

  /** Where clients ask. */
  get graphql(): string {
    const url = this.url("graphql");
    return url.endsWith("/graphql") ? url : `${url}/graphql`;
  }

  /** The address of a listener by its name, for example "api". */
  url(name: string): string {
    const found = this.#ready.flatMap(({ listeners }) => listeners).find((listener) => listener.name === name);
    if (found === undefined) throw new Error(`no listener ${name} in ${JSON.stringify(this.#ready)}`);
    return found.url;
  }

  /** Asks it to end and answers its exit code. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, "exit");
    this.#child.kill(signal);
    await withDeadline(ended, () => `did not end on ${signal}:\n${this.#stderr}`);
    // A sidecar that outlives it holds the other ends of these pipes, which would keep the test running.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    return this.#child.exitCode;
  }

  /** SIGKILL: nothing is cleaned up. */
  async kill(): Promise<void> {
    await this.stop("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.stop();
    } catch (error) {
      await this.kill();
      throw error;
    } finally {
      // Whatever it started and left behind, for example because a test killed it.
      for (const { pid } of this.#ready) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    }
    this.#leak.assertNone("a log");
  }
}

export type StartOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** For Node itself. */
  readonly nodeFlags?: readonly string[];
  /** Hears all that it prints, piece by piece. */
  readonly hear?: (text: string) => void;
};

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** The commands whose stdout is a token. */
const printsToken = /^(?:service-token|token service)\b/;

/** Runs `catalyst ARGS` to its end; fails when a token stands where none may. */
export async function catalyst(args: readonly string[], { env, cwd }: StartOptions = {}): Promise<Finished> {
  const child = spawn(process.execPath, [`${root}apps/cli/src/main.ts`, ...args], {
    cwd: cwd ?? root,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: patience,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await once(child, "close");
  assertNoToken(stderr, "stderr");
  if (!printsToken.test(args.join(" "))) assertNoToken(stdout, "stdout");
  return { code: child.exitCode, stdout, stderr };
}

/** Asks until the answer pleases; rejects with the last answer after the deadline. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  pleases: (value: Value) => boolean,
  { within = patience, every = 50 }: { readonly within?: number; readonly every?: number } = {},
): Promise<Value> {
  const end = Date.now() + within;
  let last: unknown = "nothing";
  while (Date.now() < end) {
    try {
      const value = await ask();
      if (pleases(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
  throw new Error(`not in ${within} ms; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}

/** Whether a process with this id runs; one that has ended and that nobody has reaped yet does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
  } catch {
    return false;
  }
}

async function withDeadline<Value>(promise: Promise<Value>, message: () => string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
