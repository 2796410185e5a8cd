import { spawn } from "node:child_process";
import { once } from "node:events";
import { fail, ok, type Result } from "@catalyst-node/core/model";
import { processProblem } from "./problems.ts";

/** A process in a session of its own: it stays when this process is killed. */
export type DetachedProcess = {
  readonly pid: number;
  /** Settles when it has ended: with its exit code, or without one when a signal ended it. */
  readonly exited: Promise<number | undefined>;
};

/** Starts one; its stderr is ours, for its log. Fails when there is no such program, or it may not be run. */
export async function startDetached(command: string, args: readonly string[]): Promise<Result<DetachedProcess>> {
  const child = spawn(command, args, { detached: true, stdio: ["ignore", "ignore", "inherit"] });
  const exited = new Promise<number | undefined>((settle) => child.once("exit", (code) => settle(code ?? undefined)));
  try {
    await once(child, "spawn");
  } catch (error) {
    const why = error instanceof Error ? error.message : "no reason given";
    return fail(processProblem("CAT-PROCESS-001", command, `It could not be started (${why})`));
  }
  const { pid } = child;
  if (pid === undefined) return fail(processProblem("CAT-PROCESS-001", command, "It could not be started"));
  child.unref();
  return ok({ pid, exited });
}
