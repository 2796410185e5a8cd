import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { FloodJob, FloodResult } from "../processes/flood.ts";
import type { LoadJob, LoadResult } from "../processes/load.ts";

/** Puts load on a server from a process of its own. Rejects when any answer was not the expected one. */
export function load(job: LoadJob): Promise<LoadResult> {
  return ask("load.ts", job);
}

/** Floods a server from a process of its own, whatever it answers. */
export function flood(job: FloodJob): Promise<FloodResult> {
  return ask("flood.ts", job);
}

type Job = { readonly url: string; readonly milliseconds: number };

async function ask<Result>(name: string, job: Job): Promise<Result> {
  const file = fileURLToPath(new URL(`../processes/${name}`, import.meta.url));
  const timeout = job.milliseconds + 60_000;
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "pipe"], timeout, killSignal: "SIGKILL" });
  child.stdin.end(JSON.stringify(job));
  const exit = once(child, "exit");
  const [out, problems] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exit;
  if (code !== 0) throw new Error(`the load on ${job.url} failed:\n${problems}`);
  return JSON.parse(out);
}
