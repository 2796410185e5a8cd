import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";

/** How a process came to its end. */
export type Ended = "gone" | "orderly" | "killed";

/** Between two looks at a process that is not our child, in milliseconds: nobody tells of its end. */
const lookMs = 20;
/** What the kernel may take to end a killed one, in milliseconds. */
const killMs = 2_000;

/** Asks a process to end, and ends it at the deadline. `gone`: it was not there. */
export async function endProcess(pid: number, deadlineMs: number): Promise<Ended> {
  // One that has ended still takes signals until it is reaped.
  if (!(await isRunning(pid)) || !signal(pid, "SIGTERM")) return "gone";
  if (await gone(pid, deadlineMs)) return "orderly";
  signal(pid, "SIGKILL");
  await gone(pid, killMs);
  return "killed";
}

/** Whether the process runs; one that has ended and is not yet reaped does not. */
export async function isRunning(pid: number): Promise<boolean> {
  if (!signal(pid, 0)) return false;
  // `pid (name) state ...`, where the name may hold anything; on other systems than Linux there is no such file.
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return !stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
}

async function gone(pid: number, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (await isRunning(pid)) {
    if (performance.now() >= deadline) return false;
    await wait(lookMs);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  // 0 and 1 are never a sidecar of ours: 0 would be our whole process group.
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
