import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { LoadJob, LoadResult } from "../processes/load.ts";

const file = fileURLToPath(new URL("../processes/load.ts", import.meta.url));

/** Puts load on a server from a process of its own. Rejects when any answer was not the expected one. */
export async function load(job: LoadJob): Promise<LoadResult> {
  const timeout = job.milliseconds + 60_000;
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "pipe"], timeout, killSignal: "SIGKILL" });
  child.stdin.end(JSON.stringify(job));
  const exit = once(child, "exit");
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exit;
  if (code !== 0) throw new Error(`the load on ${job.url} failed:\n${problems}`);
  return JSON.parse(out);
}
