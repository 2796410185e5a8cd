import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { type Result, fail, ok } from "@catalyst-node/core/model";
import { cliProblem } from "../problems.ts";
import type { Example } from "./examples.ts";
import { type ReadyProcess, readReady } from "./ready.ts";

const readyMs = 15_000;
const stopMs = 3_000;

/** An example service that runs. Disposing asks it to end, and ends it after 3 s. */
export type ExampleProcess = {
  readonly ready: ReadyProcess;
  /** How it ended: "exit code 1", "SIGKILL". */
  readonly ended: Promise<string>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/**
 * Starts an example service and waits until it is ready. It ends by itself when we are killed (its stdin closes),
 * and is out of Ctrl-C's reach (a process group of its own), so that the node is stopped before its services.
 */
export async function startExample(
  { name, main, listen }: Example,
  stderr: (text: string) => void,
): Promise<Result<ExampleProcess>> {
  const child = spawn(process.execPath, [main, "--listen", listen, "-o", "json", "--end-with-stdin"], {
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const ended = ending(child);
  child.stdin.on("error", () => {});
  createInterface(child.stderr).on("line", (line) => stderr(`${line}\n`));
  const line = await Promise.race([firstLine(child), ended, pause(readyMs, "no ready line in time", { ref: false })]);
  const [ready] = readReady(line) ?? [];
  if (!ready) {
    child.kill("SIGKILL");
    return fail(cliProblem("CAT-CLI-004", name, `The example service did not start on ${listen} (${line}).`));
  }
  return ok({ ready, ended, [Symbol.asyncDispose]: () => stop(child, ended) });
}

async function firstLine(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }): Promise<string> {
  const [line] = await once(createInterface(child.stdout), "line");
  return String(line);
}

async function ending(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, "exit");
    return code === null ? String(signal) : `exit code ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.stdin?.end();
  child.kill("SIGTERM");
  await Promise.race([ended, pause(stopMs, undefined, { ref: false })]);
  child.kill("SIGKILL");
}
