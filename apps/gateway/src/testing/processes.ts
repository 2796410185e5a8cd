import { readFile } from "node:fs/promises";
import { eventually, isAlive } from "../../../../tests/support/process.ts";

/** The processes that this one has started, from /proc. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return text.split(" ").filter(Boolean).map(Number);
}

/** The planners of a worker that have come to their program: until then it waits for them itself. */
export async function plannersOf(pid: number): Promise<readonly number[]> {
  const children = await childrenOf(pid);
  const lines = await Promise.all(children.map((child) => readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "")));
  return children.filter((_, index) => lines[index]?.includes("/planner/child.js"));
}

/** And those that these have started. */
export async function descendantsOf(pid: number): Promise<readonly number[]> {
  const children = await childrenOf(pid);
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()];
}

export async function untilGone(pids: readonly number[]): Promise<void> {
  await eventually(
    async () => pids.filter(isAlive),
    (left) => left.length === 0,
    { within: 5000 },
  );
}
