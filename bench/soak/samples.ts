import { commandOf, descendantsOf, memoryOf } from "../measure/memory.ts";

/** What the processes of a node hold at one moment, in bytes. */
export type Sample = {
  /** Since the load began, in seconds. */
  readonly at: number;
  readonly orchestrator: number;
  readonly gateway: number;
  /** All planners together, the one that serves and those that wait; shared pages by their share (PSS). */
  readonly planners: number;
  /** All processes of the node together, its composer too (PSS). */
  readonly node: number;
};

export const subjects = ["gateway", "orchestrator", "planners", "node"] as const;

/** Looks at a node's processes; RSS of the two that stay, PSS where several are added up. */
export function sampleOf(orchestrator: number, at: number): Sample {
  const below = descendantsOf(orchestrator);
  const gateway = below.find(({ command }) => / gateway /.test(command));
  const own = below.map(({ pid }) => pid);
  const planners = gateway === undefined ? [] : descendantsOf(gateway.pid);
  if (commandOf(orchestrator) === "" || gateway === undefined) throw new Error("the node, or its gateway, has ended");
  return {
    at,
    orchestrator: memoryOf(orchestrator)?.rss ?? 0,
    gateway: memoryOf(gateway.pid)?.rss ?? 0,
    planners: pssOf(planners.map(({ pid }) => pid)),
    node: pssOf([orchestrator, ...own]),
  };
}

/** The mean of one subject between two times, `from` included. */
export function meanOf(
  samples: readonly Sample[],
  subject: (typeof subjects)[number],
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const within = samples.filter(({ at }) => at >= from && at < to);
  return within.reduce((sum, sample) => sum + sample[subject], 0) / within.length;
}

function pssOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (memoryOf(pid)?.pss ?? 0), 0);
}
