import { readFileSync } from "node:fs";
import { descendantsOf } from "./memory.ts";

/** Of a tick in /proc, in ms: USER_HZ is 100 on every Linux that Node runs on. */
const tick = 10;

/** The CPU, user and system, that a process and all it has started have used until now, ended ones included, in ms. */
export function cpuOfTree(pid: number): number {
  return [pid, ...descendantsOf(pid).map((child) => child.pid)].reduce((sum, each) => sum + cpuOf(each), 0);
}

function cpuOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the command: state is the first, utime stime cutime cstime are the 12th to 15th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field) * tick, 0);
  } catch {
    return 0;
  }
}
